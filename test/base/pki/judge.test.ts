/** A staple vouches for a certificate, or is refused for the right cause. */
import { beforeAll, describe, expect, it } from "vitest";
import { createAuthority, issue } from "../../../base/pki/authority/index.ts";
import { addressBytes } from "../../../base/pki/authority/address.ts";
import {
  certificateDers,
  derOfFile,
  judgeStaple,
  pemOf,
  readCertificate,
  STAPLE_CAUSES,
  type StapleVerdict,
  trustedIssuerOf,
} from "../../../base/pki/index.ts";
import { readOcspResponse } from "../../../base/pki/ocsp.ts";
import { BAD_STAPLES, createLab, HOUR, type Lab, stapleOf, YEAR } from "./lab.ts";

const NOW = 1_800_000_000;
let lab: Lab;
beforeAll(async () => {
  lab = await createLab(NOW);
});

const judge = (stapleDer: Uint8Array | undefined, nowSeconds = NOW): StapleVerdict =>
  judgeStaple({
    stapleDer,
    leafDer: lab.leaf.certificateDer,
    issuerDer: lab.authority.intermediate.certificateDer,
    nowSeconds,
  });
const causeOf = (verdict: StapleVerdict): string => (verdict.good ? "good" : verdict.cause);

describe("judgeStaple", () => {
  it("takes a good one of a delegate, and of the issuer himself", async () => {
    const times = { good: true, thisUpdateSeconds: NOW - HOUR, nextUpdateSeconds: NOW + HOUR };
    expect(judge(await stapleOf(lab, lab.leaf))).toEqual(times);
    expect(judge(await stapleOf(lab, lab.leaf, { responder: lab.authority.intermediate }))).toEqual(times);
  });

  it.each(BAD_STAPLES)("refuses one %s: %s", async (_title, cause, make) => {
    const verdict = judge(await make(lab, lab.leaf));
    expect(causeOf(verdict)).toBe(cause);
    expect(verdict).toMatchObject({ detail: expect.stringMatching(/^[^\n]{10,160}$/) as string });
  });

  it("has a test for each cause", () =>
    expect(STAPLE_CAUSES.filter((cause) => !BAD_STAPLES.some(([, each]) => each === cause))).toEqual([]));

  it.each([
    [-50 * YEAR, "notYetValid"],
    [-HOUR - 301, "notYetValid"],
    [-HOUR - 300, "good"],
    [HOUR - 1, "good"],
    [HOUR, "expired"],
    [50 * YEAR, "expired"],
  ])("with a clock that is off by %d s: %s", async (off, cause) =>
    expect(causeOf(judge(await stapleOf(lab, lab.leaf), NOW + off))).toBe(cause),
  );

  it("never throws, and finds none good of which a byte is changed that is signed, or in the signature", async () => {
    const staple = await stapleOf(lab, lab.leaf);
    const { signedBytes, signature } = readOcspResponse(staple).signed!;
    const ranges = [signedBytes, signature].map((bytes) => ({ at: Buffer.from(staple).indexOf(bytes), bytes }));
    const good: number[] = [];
    for (const { at, bytes } of ranges)
      for (let offset = 0; offset < bytes.length; offset += 3) {
        const changed = Uint8Array.from(staple);
        changed[at + offset]! ^= 1 << (offset % 8);
        if (judge(changed).good) good.push(at + offset);
      }
    expect(ranges.every(({ at }) => at > 0)).toBe(true);
    expect(good).toEqual([]);
  });

  it("reads no staple that is far too long", () =>
    expect(causeOf(judge(new Uint8Array(70_000).fill(0x30)))).toBe("garbage"));
});

describe("readCertificate", () => {
  it("finds must-staple where it is", () => {
    expect(readCertificate(lab.mustStaple.certificateDer).isMustStaple).toBe(true);
    expect(readCertificate(lab.leaf.certificateDer).isMustStaple).toBe(false);
  });

  it("says the time of certificates beyond 2050", async () => {
    const late = Date.UTC(2070, 0) / 1000;
    const leaf = await issue(lab.authority, { kind: "client", name: "late", nowSeconds: late, days: 1 });
    expect(readCertificate(leaf.certificateDer).notAfterSeconds).toBe(late + 86_400);
  });

  it("refuses what is no certificate", () =>
    expect(() => readCertificate(Buffer.from("3003020105", "hex"))).toThrow("no fields of its own"));
});

describe("trustedIssuerOf", () => {
  const ders = (...keys: { certificateDer: Uint8Array }[]): Uint8Array[] => keys.map((key) => key.certificateDer);

  it("goes by signatures, not by names", () => {
    const { authority, stranger, leaf } = lab;
    const issuerOf = (presented: Uint8Array[], anchors: Uint8Array[]): Uint8Array | undefined =>
      trustedIssuerOf(leaf.certificateDer, presented, anchors);
    const found = Buffer.from(authority.intermediate.certificateDer);
    expect(issuerOf(ders(stranger.intermediate, authority.intermediate), ders(authority.root))).toEqual(found);
    expect(issuerOf([], ders(authority.intermediate))).toEqual(found);
    expect(issuerOf(ders(stranger.intermediate), ders(authority.root))).toBeUndefined();
    expect(issuerOf(ders(authority.intermediate), ders(stranger.root))).toBeUndefined();
    expect(issuerOf(ders(authority.intermediate), [])).toBeUndefined();
  });

  it("takes no server for an authority", async () => {
    const below = await createAuthority("below", NOW);
    const leaf = await issue(
      { ...below, intermediate: lab.leaf },
      { kind: "server", name: "below", nowSeconds: NOW, days: 1 },
    );
    const { root, intermediate } = lab.authority;
    const issuer = trustedIssuerOf(leaf.certificateDer, ders(lab.leaf, intermediate), ders(root));
    expect(issuer).toBeUndefined();
  });
});

describe("PEM", () => {
  it("goes both ways", () => {
    const { certificateDer } = lab.leaf;
    const pem = pemOf("CERTIFICATE", certificateDer);
    expect(certificateDers(`words\n${pem}${pem}`)).toEqual([Buffer.from(certificateDer), Buffer.from(certificateDer)]);
    expect(derOfFile(Buffer.from(pem))).toEqual(Buffer.from(certificateDer));
    expect(derOfFile(certificateDer)).toBe(certificateDer);
  });
});

describe("addressBytes", () => {
  it.each([
    ["127.0.0.1", "7f000001"],
    ["::1", "00000000000000000000000000000001"],
    ["2001:db8::7:0", "20010db8000000000000000000070000"],
    ["1:2:3:4:5:6:7:8", "00010002000300040005000600070008"],
    ["::", "00000000000000000000000000000000"],
    ["127.0.0.256", undefined],
    ["127.0.1", undefined],
    ["01.2.3.4", undefined],
    ["1::2::3", undefined],
    ["1:2:3:4:5:6:7:8::", undefined],
    ["::12345", undefined],
    ["depot.test", undefined],
  ])("%s: %s", (text, hex) => {
    const bytes = addressBytes(text);
    expect(bytes && Buffer.from(bytes).toString("hex")).toBe(hex);
  });
});

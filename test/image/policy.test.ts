/** Older images, expired ones and keys that anybody can sign by are refused. */
import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  buildBundle,
  expiryOf,
  imageSourceOf,
  readPublicKey,
  verifyBytes,
  type ManifestFields,
} from "../../image/index.ts";
import { BundleVerifier } from "../../image/verifier.ts";
import { decodeManifest, encodeManifest } from "../../image/manifest.ts";
import { crc32 as crc32Of } from "../../base/kernel/crc32.ts";
import { bundleOf, crc32, fields, fitting } from "./fixture.ts";

describe("security version", () => {
  const taken = (ofImage: number, ofOnt: number): string => {
    const bundle = bundleOf(5000, { securityVersion: ofImage });
    const verifier = new BundleVerifier({ ...fitting(bundle.length), securityVersion: ofOnt });
    // The first window tells.
    const cause = verifier.update(bundle.subarray(0, 256 * 31));
    if (cause !== undefined) return `${cause}: ${verifier.detail}`;
    const verdict = verifier.finish(crc32Of(bundle));
    return verdict.valid ? `valid ${verdict.image.securityVersion}` : verdict.cause;
  };

  test("below the ONT's is refused in the first window, the same or a higher one is not", () => {
    expect(taken(2, 3)).toBe("security-version-too-low: image has security version 2; 3 is the lowest that is taken");
    expect(taken(3, 3)).toBe("valid 3");
    expect(taken(4, 3)).toBe("valid 4");
  });

  test("that an image does not have is the lowest there is", () => {
    expect(taken(0, 1)).toMatch(/^security-version-too-low/);
    expect(taken(0, 0)).toBe("valid undefined");
  });
});

describe("the manifest", () => {
  const manifest = { ...fields, payloadBytes: 10, variants: [], migration: "" };

  test("without security version and expiry has the bytes it had before there were these", () => {
    expect(decodeManifest(encodeManifest(manifest))).toEqual({ ...manifest, securityVersion: 0, expires: 0 });
    expect(encodeManifest({ ...manifest, securityVersion: 0, expires: 0 })).toEqual(encodeManifest(manifest));
  });

  test("of a bundle made before there were deltas, variants and migrations is the same to the octet", () => {
    const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.alloc(32, 7)]);
    const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    const pem = key.export({ format: "pem", type: "pkcs8" }) as string;
    const sha256 = (given: ManifestFields): string =>
      createHash("sha256")
        .update(buildBundle(given, Buffer.from("payload"), pem))
        .digest("hex");
    expect(sha256({ ...fields, securityVersion: 3, expires: 1_900_000_000 })).toBe(
      "bba21f2d937008580154f8a47aa3eee13dfff57fabd08d243337bb3a8843147f",
    );
    expect(sha256({ ...fields, hardware: ["HW1"], minimumVersion: "", buildTime: 0 })).toBe(
      "df5c4e6076a378df4a6193877e5d2907d4f0313b1ce82ea8e114a2bfa45e0341",
    );
  });

  test("keeps both, and takes none that are no numbers of their kind", () => {
    const both = { ...manifest, securityVersion: 0xffffffff, expires: 1_900_000_000 };
    expect(decodeManifest(encodeManifest(both))).toEqual(both);
    for (const securityVersion of [-1, 1.5, 2 ** 32])
      expect(() => encodeManifest({ ...both, securityVersion })).toThrow();
    for (const expires of [-1, 1.5, 1e15]) expect(() => encodeManifest({ ...both, expires })).toThrow(/expiry/);
  });
});

describe("expiry", () => {
  const expires = fields.buildTime + 1000;
  const source = (nowSeconds?: number, force = false) =>
    imageSourceOf(bundleOf(100, { expires }), { crc32, force, ...(nowSeconds !== undefined && { nowSeconds }) }, "a");

  test("that is over is refused, unless forced", () => {
    expect(source(expires - 1).warning).toBe("");
    expect(() => source(expires)).toThrow("a: expired 2023-11-14T22:30:00.000Z");
    expect(source(expires, true).warning).toBe("expired 2023-11-14T22:30:00.000Z");
  });

  test("is told of where there is no clock to be trusted: none, or one that stands before the build", () => {
    expect(source().warning).toBe("expires 2023-11-14T22:30:00.000Z; no clock to check that by");
    expect(source(0).warning).toMatch(/not checked, as the clock says 1970-01-01T00:00:00.000Z, before it was built/);
  });

  test("that is not there is never over", () => {
    expect(expiryOf({ expires: 0, buildTime: 0 }, 1e12)).toEqual({ isOver: false, text: "" });
  });
});

describe("a key of small order", () => {
  const points = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  ].map((point) => Buffer.from(point, "hex"));

  test("has signed nothing, though there are signatures that fit it", () => {
    // R the neutral element, S zero: right for the neutral element as key, whatever the text.
    const forged = Buffer.alloc(64);
    forged[0] = 1;
    expect(verifyBytes(Buffer.from("any text"), forged, [points[0]!])).toBe(false);
    for (const point of points)
      for (let text = 0; text < 16; text++)
        expect(verifyBytes(Buffer.from([text]), forged, [point]), point.toString("hex")).toBe(false);
  });

  test.each(points.map((point) => [point.toString("hex"), point]))("%s is none to be trusted", (_hex, point) => {
    const jwk = { kty: "OKP", crv: "Ed25519", x: point.toString("base64url") };
    const pem = createPublicKey({ key: jwk, format: "jwk" }).export({ format: "pem", type: "spki" }) as string;
    expect(() => readPublicKey(pem)).toThrow("key is a point of small order, by which anybody can sign");
  });
});

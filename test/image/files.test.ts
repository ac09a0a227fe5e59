/** Bundles, keys and image sources as files: what is refused, and that nothing is left half done. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import {
  buildBundle,
  generateKeyPair,
  inspectBundle,
  openImageSource,
  packBundle,
  publicKeyOf,
  readPublicKey,
  verifyBundle,
} from "../../image/index.ts";
import { crc32 as crc32Of } from "../../base/kernel/crc32.ts";
import type { ImageSource } from "../../image/index.ts";
import { bundleOf, crc32, fields, otherKey, otherPair, pair, payloadOf, publicKey } from "./fixture.ts";
import { removeFolder } from "../support/folder.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-image-"));
let folder = "";
let count = 0;
beforeEach(() => {
  folder = join(root, `${count++}`);
  mkdirSync(folder);
});
afterAll(() => removeFolder(root));

const put = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

/** Packs payload to out. */
const pack = (changed: Partial<Parameters<typeof packBundle>[0]> = {}) =>
  packBundle({
    fields,
    payloadFile: join(folder, "payload"),
    outFile: join(folder, "out"),
    privateKeyPem: pair.privatePem,
    ...changed,
  });

describe("packing", () => {
  test("streams the same bytes as packing in memory, and leaves nothing else", async () => {
    const payload = payloadOf(2_500_000);
    put("payload", payload);
    const packed = await pack();
    const bundle = readFileSync(join(folder, "out"));
    expect(bundle.equals(buildBundle(fields, payload, pair.privatePem))).toBe(true);
    expect(packed).toEqual({
      manifest: {
        ...fields,
        payloadBytes: payload.length,
        securityVersion: 0,
        expires: 0,
        variants: [],
        migration: "",
      },
      bundleBytes: bundle.length,
      sha256: createHash("sha256").update(bundle).digest("hex"),
    });
    expect(readdirSync(folder).toSorted()).toEqual(["out", "payload"]);
  });

  test("brings the bundle to stable storage before it gets its name", async () => {
    put("payload", payloadOf(100));
    const handle = await open(join(folder, "payload"));
    const prototype = Object.getPrototypeOf(handle) as typeof handle;
    await handle.close();
    const names: string[][] = [];
    const sync = vi.spyOn(prototype, "sync").mockImplementation(() => {
      names.push(readdirSync(folder).filter((name) => name === "out"));
      return Promise.resolve();
    });
    await pack();
    sync.mockRestore();
    expect(names).toEqual([[]]);
  });

  test("replaces a file only when told to", async () => {
    put("payload", payloadOf(10));
    put("out", Buffer.from("mine"));
    await expect(pack()).rejects.toThrow(/out exists already/);
    expect(readFileSync(join(folder, "out"), "utf8")).toBe("mine");
    await pack({ force: true });
    expect(readFileSync(join(folder, "out")).length).toBeGreaterThan(10);
  });

  test.each([
    ["a version too long", { version: "1".repeat(15) }, /version "1{15}" has 15 characters; at most 14 fit/],
    ["an empty version", { version: "" }, /version is empty/],
    ["a version with a space", { version: "1 2" }, /version "1 2" has characters other/],
    ["a version outside ASCII", { version: "1µ" }, /version "1µ" has characters other/],
    ["a product code too long", { productCode: "P".repeat(26) }, /product code .* 26 characters; at most 25 fit/],
    ["no hardware", { hardware: [] }, /hardware list is empty/],
    ["a hardware version too long", { hardware: ["ok", "H".repeat(15)] }, /hardware version .* 15 characters/],
    [
      "too many hardware versions",
      { hardware: Array.from({ length: 129 }, (_, at) => `H${at}`) },
      /129 entries; at most 128 fit/,
    ],
    ["a bad minimum version", { minimumVersion: "\n" }, /minimum version/],
    ["a bad build time", { buildTime: -1 }, /build time -1/],
  ])("names %s and leaves nothing behind", async (_name, changed, message) => {
    put("payload", payloadOf(10));
    await expect(pack({ fields: { ...fields, ...changed } })).rejects.toThrow(message);
    expect(readdirSync(folder)).toEqual(["payload"]);
  });

  test("names a payload or folder that is not there, is empty, or is a folder", async () => {
    await expect(pack()).rejects.toThrow(/payload: no such file/);
    put("payload", new Uint8Array(0));
    await expect(pack()).rejects.toThrow(/payload of 0 bytes/);
    await expect(pack({ payloadFile: folder })).rejects.toThrow(/is not a file/);
    put("payload", payloadOf(1));
    await expect(pack({ outFile: join(folder, "none", "out") })).rejects.toThrow(/no such file or folder/);
    await expect(pack({ privateKeyPem: "nonsense" })).rejects.toThrow(/private key in PEM form/);
    await expect(pack({ privateKeyPem: pair.publicPem })).rejects.toThrow(/private key in PEM form/);
    expect(readdirSync(folder)).toEqual(["payload"]);
  });

  test("leaves no half bundle when the last step fails", async () => {
    put("payload", payloadOf(10));
    mkdirSync(join(folder, "out"));
    await expect(pack({ force: true })).rejects.toThrow(/out: is a folder/);
    expect(readdirSync(folder).toSorted()).toEqual(["out", "payload"]);
  });
});

describe("keys", () => {
  test("a pair belongs together", () => {
    const { publicPem, privatePem } = generateKeyPair();
    expect(readPublicKey(publicPem)).toEqual(publicKeyOf(privatePem));
    expect(readPublicKey(publicPem)).toHaveLength(32);
  });

  test("anything but an Ed25519 public key is named", () => {
    const p256 =
      "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt\n6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==\n-----END PUBLIC KEY-----\n";
    expect(() => readPublicKey(pair.privatePem)).toThrow(/private key/);
    expect(() => readPublicKey("")).toThrow(/PEM/);
    expect(() => readPublicKey(p256)).toThrow(/type ec; Ed25519/);
  });
});

describe("reading", () => {
  const bundle = bundleOf(3000);
  const damaged = Uint8Array.from(bundle, (byte, at) => (at === 1000 ? byte ^ 1 : byte));

  test("a whole bundle becomes an image source of the OLT", () => {
    const source: ImageSource = openImageSource(put("image", bundle), {
      crc32,
      trustedKeys: [otherKey, publicKey],
    });
    expect(source).toMatchObject({
      imageBytes: bundle.length,
      crc32: crc32Of(bundle),
      sha256: createHash("sha256").update(bundle).digest("hex"),
      version: "2.1.0",
      productCode: "PCST-1",
      hardware: ["HW1", "HW2"],
      minimumVersion: "1.9",
    });
    expect(Buffer.from(source.read(100, 50)).equals(bundle.subarray(100, 150))).toBe(true);
    expect(source.read(bundle.length - 10, 50)).toHaveLength(10);
  });

  test("a file that is no whole bundle needs force, and then says nothing of itself", () => {
    for (const bytes of [damaged, Buffer.from("not a bundle"), bundle.subarray(1), bundle.subarray(0, -1)]) {
      const file = put("image", bytes);
      expect(() => openImageSource(file, { crc32 })).toThrow(/not a whole bundle/);
      expect(openImageSource(file, { crc32, force: true })).toMatchObject({
        imageBytes: bytes.length,
        crc32: crc32Of(bytes),
        sha256: createHash("sha256").update(bytes).digest("hex"),
        version: "",
        hardware: [],
      });
    }
    expect(() => openImageSource(put("image", bundle), { crc32, trustedKeys: [otherKey] })).toThrow(
      /untrusted-signature/,
    );
    expect(() => openImageSource(put("image", new Uint8Array(0)), { crc32, force: true })).toThrow(/is empty/);
    expect(() => openImageSource(folder, { crc32, force: true })).toThrow(/is not a file/);
  });

  test("inspection tells what the two ends of a file say", () => {
    expect(inspectBundle(put("image", damaged))).toMatchObject({
      manifest: { ...fields, payloadBytes: 3000 },
      bundleBytes: bundle.length,
      headerBytes: bundle.length - 3000 - 96,
      sealedSha256: createHash("sha256").update(bundle.subarray(0, -96)).digest("hex"),
      sealSignature: bundle.subarray(-64).reduce((text, byte) => text + byte.toString(16).padStart(2, "0"), ""),
    });
    expect(() => inspectBundle(put("image", Buffer.from("PONC")))).toThrow(/too short/);
    expect(() => inspectBundle(put("image", Buffer.from("PNG!")))).toThrow(/begin with "PONCAST1"/);
    expect(() => inspectBundle(put("image", Buffer.concat([bundle, bundle])))).toThrow(/the manifest makes it/);
  });

  test("verification tells the cause", () => {
    const file = put("image", bundle);
    const options = { trustedKeys: [publicKey], crc32 };
    expect(verifyBundle(file, options)).toMatchObject({
      valid: true,
      manifest: { version: "2.1.0" },
    });
    expect(verifyBundle(file, { ...options, trustedKeys: [otherKey] })).toMatchObject({
      valid: false,
      cause: "untrusted-signature",
    });
    expect(verifyBundle(file, { ...options, productCode: "other" })).toMatchObject({
      valid: false,
      cause: "wrong-product-code",
    });
    expect(verifyBundle(put("image", damaged), options)).toMatchObject({
      valid: false,
      cause: "payload-hash-mismatch",
    });
    expect(verifyBundle(put("image", new Uint8Array(0)), options)).toMatchObject({
      valid: false,
      cause: "truncated",
    });
    expect(verifyBundle(put("image", buildBundle(fields, payloadOf(5), otherPair.privatePem)), options)).toMatchObject({
      valid: false,
    });
  });
});

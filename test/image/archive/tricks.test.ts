/** update.zip with each trick that zips allow, and each lie of its manifest: refused, in a line. */
import { crc32 } from "node:zlib";
import { zipSync, type Zippable } from "fflate";
import { describe, expect, it } from "vitest";
import { readArchive } from "../../../image/archive/index.ts";
import { encodeArchiveManifest } from "../../../image/archive/manifest.ts";
import { signBytes } from "../../../image/index.ts";
import { otherKey, pair } from "../fixture.ts";
import { bundle, makeFolder, sha256, sourceOf, take, trusted } from "./fixture.ts";

const { good, remove } = makeFolder();
remove();

/** Offsets in the good one: of the entry in the directory, and of its local header. */
function places(bytes: Buffer, name: string): { central: number; local: number } {
  let at = bytes.readUInt32LE(bytes.length - 6);
  for (;;) {
    const nameBytes = bytes.readUInt16LE(at + 28);
    if (bytes.toString("latin1", at + 46, at + 46 + nameBytes) === name)
      return { central: at, local: bytes.readUInt32LE(at + 42) };
    at += 46 + nameBytes + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
}

/** The good one with a change of octets. */
function changed(change: (bytes: Buffer, at: { central: number; local: number }) => void, name = "fw.bundle"): Buffer {
  const bytes = Buffer.from(good);
  change(bytes, places(bytes, name));
  return bytes;
}

/** With octets put in somewhere, and the offsets behind as they were. */
const inserted = (at: number, text: string): Buffer =>
  Buffer.concat([good.subarray(0, at), Buffer.from(text), good.subarray(at)]);

/** A signed archive of any entries, by another maker of zips. */
function made(entries: Zippable, change: (json: string) => string = (json) => json): Buffer {
  const { manifest } = readArchive(sourceOf(good), trusted);
  const text = Buffer.from(change(Buffer.from(encodeArchiveManifest(manifest)).toString()));
  const signed = { "manifest.json": text, "manifest.sig": signBytes(text, pair.privatePem) };
  return Buffer.from(zipSync({ ...signed, ...entries } as Zippable, { level: 0 }));
}

const whole: Zippable = { "fw.bundle": bundle };

describe("is refused", () => {
  it.each<[string, () => Buffer, string]>([
    ["empty", () => Buffer.alloc(0), "too short for a zip file"],
    ["no zip", () => Buffer.alloc(5_000), "no zip file, cut off, or something stands behind its end"],
    ["cut off", () => good.subarray(0, -1), "no zip file, cut off"],
    ["with something behind its end", () => inserted(good.length, "x"), "something stands behind its end"],
    [
      "with a comment",
      () => {
        const bytes = inserted(good.length, "comment");
        bytes.writeUInt16LE(7, bytes.length - 9);
        return bytes;
      },
      "something stands behind its end",
    ],
    ["with something in front", () => inserted(0, "#!/bin/sh\n"), "the directory does not end where the end begins"],
    [
      "with something before the directory",
      () => {
        const at = good.readUInt32LE(good.length - 6);
        const bytes = inserted(at, "hidden");
        bytes.writeUInt32LE(at + 6, bytes.length - 6);
        return bytes;
      },
      "6 bytes between the last entry and the directory",
    ],
    ["of several parts", () => changed((bytes) => bytes.writeUInt16LE(1, bytes.length - 18)), "a part of several"],
    [
      "with fewer entries than it says",
      () =>
        changed((bytes) => {
          for (const back of [12, 14]) bytes.writeUInt16LE(4, bytes.length - back);
        }),
      "directory: no entry 4",
    ],
    [
      "with more entries than it says",
      () =>
        changed((bytes) => {
          for (const back of [12, 14]) bytes.writeUInt16LE(2, bytes.length - back);
        }),
      "bytes behind the last entry of the directory",
    ],
    [
      "zip64 by its end",
      () => changed((bytes) => bytes.writeUInt32LE(0xffffffff, bytes.length - 6)),
      "zip64 is not taken",
    ],
    [
      "zip64 by a size",
      () =>
        changed((bytes, { central }) => {
          for (const field of [20, 24]) bytes.writeUInt32LE(0xffffffff, central + field);
        }),
      "fw.bundle: zip64 is not taken",
    ],
    [
      "encrypted",
      () => changed((bytes, { central }) => bytes.writeUInt16LE(9, central + 8)),
      "fw.bundle: is encrypted",
    ],
    [
      "with flags",
      () => changed((bytes, { central }) => bytes.writeUInt16LE(0x2008, central + 8)),
      "flags 2008 are not taken",
    ],
    [
      "with a size that is another stored",
      () => changed((bytes, { central }) => bytes.writeUInt32LE(5, central + 20)),
      "fw.bundle: is stored in 5 bytes and has",
    ],
    [
      "with sizes that overlap the directory",
      () =>
        changed((bytes, { central }) => {
          for (const field of [20, 24]) bytes.writeUInt32LE(0x7fffffff, central + field);
        }),
      "fw.bundle: goes on over the directory",
    ],
    [
      "a link",
      () =>
        changed((bytes, { central }) => {
          bytes.writeUInt8(3, central + 5);
          bytes.writeUInt32LE(0xa1ff0000, central + 38);
        }),
      "fw.bundle: a link",
    ],
    [
      "a device",
      () =>
        changed((bytes, { central }) => {
          bytes.writeUInt8(3, central + 5);
          bytes.writeUInt32LE(0x61ff0000, central + 38);
        }),
      "fw.bundle: no plain file",
    ],
    [
      "with another local name",
      () => changed((bytes, { local }) => bytes.write("x", local + 30)),
      "its header and the directory differ in its name",
    ],
    [
      "with another local method",
      () => changed((bytes, { local }) => bytes.writeUInt16LE(8, local + 8)),
      "differ in compression",
    ],
    [
      "with another local size",
      () => changed((bytes, { local }) => bytes.writeUInt32LE(5, local + 22)),
      "differ in size",
    ],
    [
      "with another local CRC",
      () => changed((bytes, { local }) => bytes.writeUInt32LE(5, local + 14)),
      "differ in CRC-32",
    ],
    [
      "with other local flags",
      () => changed((bytes, { local }) => bytes.writeUInt16LE(0, local + 6)),
      "differ in flags",
    ],
    [
      "with another descriptor",
      () => changed((bytes) => bytes.writeUInt32LE(5, bytes.readUInt32LE(bytes.length - 6) - 8)),
      "fw.bundle: its descriptor and the directory differ",
    ],
    [
      "with an entry elsewhere",
      () => changed((bytes, { central }) => bytes.writeUInt32LE(0, central + 42)),
      "fw.bundle: begins at 0, not where the one before it ends",
    ],
    [
      "a name with a folder above",
      () => made({ ...whole, "../x": new Uint8Array(1) }),
      '"../x": a plain file name without folders is needed',
    ],
    ["an absolute name", () => made({ ...whole, "/x": new Uint8Array(1) }), '"/x": a plain file name'],
    ["a name with a backslash", () => made({ ...whole, "a\\x": new Uint8Array(1) }), "a plain file name"],
    ["a name that is hidden", () => made({ ...whole, ".x": new Uint8Array(1) }), "a plain file name"],
    ["a folder", () => made({ ...whole, d: { e: new Uint8Array(1) } }), '"d/": a folder'],
    ["a name twice, in capitals", () => made({ ...whole, "FW.bundle": bundle }), "FW.bundle: comes twice"],
    [
      "a name twice",
      () => {
        const bytes = made({ ...whole, "fw.bundlf": bundle });
        return Buffer.from(bytes.toString("latin1").replaceAll("fw.bundlf", "fw.bundle"), "latin1");
      },
      "fw.bundle: comes twice",
    ],
    [
      "compressed",
      () => made({ "fw.bundle": [bundle, { level: 6 }] }),
      "fw.bundle: is compressed; entries are stored as they are",
    ],
    ["a bomb", () => made({ ...whole, bomb: [new Uint8Array(10_000_000), { level: 9 }] }), "bomb: is compressed"],
    [
      "another name in an extra field",
      () => made({ "fw.bundle": [bundle, { extra: { 0x7075: new Uint8Array(9) } }] }),
      "extra field 7075 is not taken",
    ],
    [
      "more entries than are taken",
      () => made(Object.fromEntries(Array.from({ length: 70 }, (_, at) => [`f${at}`, new Uint8Array(1)]))),
      "72 entries; 1 to 64 are taken",
    ],
    [
      "an entry that nobody signed",
      () => made({ ...whole, extra: new Uint8Array(1) }),
      "extra: the manifest does not name it",
    ],
    ["a payload that is missing", () => made({}), "fw.bundle: is missing"],
    ["a payload of another length", () => made({ "fw.bundle": bundle.subarray(1) }), "the manifest says"],
    [
      "another payload of that length",
      () => made({ "fw.bundle": bundle.map((byte) => byte ^ 1) }),
      "fw.bundle: its SHA-256 is not the manifest's",
    ],
    [
      "a changed payload",
      () => changed((bytes, { local }) => bytes.writeUInt8(bytes[local + 5_000] ^ 1, local + 5_000)),
      "fw.bundle: its CRC-32 is another",
    ],
    [
      "another schema",
      () => made(whole, (json) => json.replace("update/1", "update/2")),
      "manifest.json: schema: poncast.update/1 is needed",
    ],
    ["a manifest that is none", () => made(whole, () => "[]"), "manifest.json: document: an object is needed"],
    [
      "a payload without a digest",
      () => made(whole, (json) => json.replace(sha256, "x")),
      "manifest.json: sha256: 64 digits",
    ],
    [
      "the manifest not in front",
      () => Buffer.from(zipSync({ "fw.bundle": bundle, "manifest.json": new Uint8Array(9) }, { level: 0 })),
      "manifest.json is not the first entry",
    ],
    [
      "a signature of another length",
      () =>
        Buffer.from(zipSync({ "manifest.json": new Uint8Array(9), "manifest.sig": new Uint8Array(9) }, { level: 0 })),
      "manifest.sig: 64 bytes are needed",
    ],
  ])("%s", (_name, bytes, problem) => expect(() => take(bytes())).toThrow(problem));

  it("a manifest that another key signed, or that was changed", () => {
    expect(() => take(good, { trustedKeys: [otherKey] })).toThrow("manifest.json: not signed by a trusted key");
    const bytes = changed((all, { central, local }) => {
      const size = all.readUInt32LE(central + 24);
      const at = all.indexOf("2.1.0", local);
      all.write("9.1.0", at);
      const sum = crc32(all.subarray(local + 30 + "manifest.json".length, local + 30 + "manifest.json".length + size));
      for (const field of [central + 16, local + 30 + "manifest.json".length + size + 4]) all.writeUInt32LE(sum, field);
    }, "manifest.json");
    expect(() => take(bytes)).toThrow("manifest.json: not signed by a trusted key");
  });
});

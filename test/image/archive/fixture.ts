/** An update.zip that is good, in a folder of its own. */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packArchive, readArchive } from "../../../image/archive/index.ts";
import { bundleOf, pair, publicKey } from "../fixture.ts";
import { removeFolder } from "../../support/folder.ts";

export const bundle = bundleOf(600_000);
export const sha256 = createHash("sha256").update(bundle).digest("hex");
export const trusted = { trustedKeys: [publicKey] };

/** With fw.bundle and update.zip. */
export function makeFolder(): { folder: string; good: Buffer; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "poncast-archive-"));
  writeFileSync(join(folder, "fw.bundle"), bundle);
  pack(folder, "update.zip");
  const good = readFileSync(join(folder, "update.zip"));
  return { folder, good, remove: () => removeFolder(folder) };
}

export const pack = (folder: string, name: string, force = false): unknown =>
  packArchive({
    bundleFiles: [join(folder, "fw.bundle")],
    outFile: join(folder, name),
    privateKeyPem: pair.privatePem,
    force,
  });

export const sourceOf = (bytes: Buffer) => ({
  bytes: bytes.length,
  read: (at: number, count: number) => bytes.subarray(at, at + count),
});

/** All that a device does with it. */
export function take(bytes: Buffer, options: Parameters<typeof readArchive>[1] = trusted): Buffer {
  const { manifest, chunks } = readArchive(sourceOf(bytes), options);
  return Buffer.concat(manifest.payloads.flatMap((payload) => [...chunks(payload)].map((each) => Buffer.from(each))));
}

/** What an update.zip has for a device: judged before anything of its payloads is read. */
import { createHash } from "node:crypto";
import { type ArchivePayload, readArchive } from "../../image/archive/index.ts";
import { ImageError } from "../../image/index.ts";
import type { FileSight, OpenFile, WatchedFolder } from "./folder.ts";

/** What the device is, and whom it trusts. */
export interface FolderFacts {
  /** Raw Ed25519 public keys: any of them may have signed the archive. */
  archiveKeys: readonly Uint8Array[];
  productCode: string;
  hardwareVersion: string;
  /** Applies deltas. */
  deltaAware: boolean;
}

export interface OfferedPayload extends ArchivePayload {
  /** Offset of its content in the file. */
  at: number;
}

export type FolderOffer =
  /** @property id of the content, hexadecimal: the same for the same manifest, whatever the file's date */
  | { kind: "payloads"; id: string; version: string; payloads: readonly OfferedPayload[] }
  /** @property why in one line */
  | { kind: "refused"; id: string; why: string };

const ID_DIGITS = 16;
const idOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, ID_DIGITS);

export function offerIn(folder: WatchedFolder, facts: FolderFacts): { sight: FileSight; offer: FolderOffer } {
  const file = folder.open();
  try {
    const { sizeBytes, mtimeMs } = file;
    return { sight: { sizeBytes, mtimeMs }, offer: judged(file, facts) };
  } finally {
    file.close();
  }
}

function judged(file: OpenFile, facts: FolderFacts): FolderOffer {
  const refused = (why: string, id: string): FolderOffer => ({ kind: "refused", id, why });
  try {
    const { archiveKeys: trustedKeys, productCode, hardwareVersion, deltaAware } = facts;
    const source = { bytes: file.sizeBytes, read: (at: number, count: number) => file.read(at, count) };
    const { manifest, placeOf } = readArchive(source, { trustedKeys });
    const id = idOf(JSON.stringify(manifest));
    if (manifest.productCode !== "" && manifest.productCode !== productCode) return refused("wrong-product-code", id);
    const own = manifest.payloads.filter(({ hardware }) => hardware.includes(hardwareVersion));
    if (own.length === 0) return refused("incompatible-hardware", id);
    const payloads = own
      .filter(({ kind }) => kind === "image" || deltaAware)
      .map((payload) => ({ ...payload, at: placeOf(payload) }));
    if (payloads.length === 0) return refused("delta-not-expected", id);
    return { kind: "payloads", id, version: manifest.version, payloads };
  } catch (error) {
    // A stick that cannot be read at the moment says nothing of what is on it.
    if (!(error instanceof ImageError)) throw error;
    // Of what nobody signed, the file itself is what is known.
    const why = error.message;
    return refused(why, idOf(`${file.sizeBytes} ${file.mtimeMs} ${why}`));
  }
}

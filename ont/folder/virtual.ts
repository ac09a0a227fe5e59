/** A folder that is no more than what lies in it, for virtual time: and what it answers, as a depot of agents in virtual time does. */
import type { AgentRequest } from "../agent/index.ts";
import type { ModelAnswer } from "../agent/virtual/index.ts";
import type { FolderDepot } from "./depot.ts";
import type { FileSight, OpenFile, WatchedFolder } from "./folder.ts";

const encoder = new TextEncoder();

export class MemoryFolder implements WatchedFolder {
  /** update.zip, with its date; undefined: it is not there. */
  file: { bytes: Buffer; mtimeMs: number } | undefined;
  nextChangeSeconds?: () => number;

  look(): FileSight | undefined {
    return this.file && { sizeBytes: this.file.bytes.length, mtimeMs: this.file.mtimeMs };
  }

  open(): OpenFile {
    const { file } = this;
    if (file === undefined) throw new Error("it was taken away");
    const { bytes, mtimeMs } = file;
    const read = (at: number, count: number): Buffer => bytes.subarray(at, at + count);
    return { sizeBytes: bytes.length, mtimeMs, read, close: () => undefined };
  }
}

export function modelAnswer(
  folder: WatchedFolder,
  depot: FolderDepot,
  request: Pick<AgentRequest, "path" | "headers">,
): ModelAnswer {
  const { status, headers, text, extent } = depot.answer(request);
  if (extent === undefined) return { status, headers, body: encoder.encode(text) };
  const file = folder.open();
  return { status, headers, body: file.read(extent.at, extent.bytes) };
}

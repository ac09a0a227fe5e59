/** The staging area of an ONT on disk: a file that is there once a delta has come. */
import * as nodeFs from "node:fs";
import { join } from "node:path";
import type { FlashOperation } from "../core/types.ts";
import { openStagedDelta, type ReadArea, type RebuiltBlock, type StagedDelta } from "../staged-delta.ts";
import type { FileCalls } from "./file-calls.ts";

const STAGING_FILE = "staging.img";

export class StagingFile {
  readonly path: string;
  readonly #fs: FileCalls;
  #descriptor: number | undefined;
  #delta: StagedDelta | null = null;

  constructor(folder: string, fs: FileCalls) {
    this.path = join(folder, STAGING_FILE);
    this.#fs = fs;
  }

  /** Opened when it is first asked for: an ONT that is never sent a delta has no such file. */
  get descriptor(): number {
    const { O_RDWR, O_CREAT } = nodeFs.constants;
    this.#descriptor ??= this.#fs.openSync(this.path, O_RDWR | O_CREAT, 0o644);
    return this.#descriptor;
  }

  /** @returns blocks of the delta that lies here; 0 where none does */
  open({ deltaBytes, delta }: Extract<FlashOperation, { kind: "openDelta" }>, read: ReadArea): number {
    this.#delta = openStagedDelta(read, deltaBytes, delta);
    return this.#delta?.blocks ?? 0;
  }

  /** @returns how many of the first blocks that the delta makes an area has, and the bytes that they are */
  whole(most: number, read: ReadArea): { blocks: number; bytes: number } {
    const blocks = this.#delta?.wholeBlocks(most, read) ?? 0;
    return { blocks, bytes: this.#delta?.bytesOf(blocks) ?? 0 };
  }

  /** @returns where a block belongs, and its bytes; null where the delta does not make them */
  rebuild(block: number, read: ReadArea, readBase: ReadArea): RebuiltBlock | null {
    return this.#delta?.rebuild(block, read, readBase) ?? null;
  }

  close(): void {
    if (this.#descriptor !== undefined) this.#fs.closeSync(this.#descriptor);
  }
}

/** A capture on disk: when bytes are written, and what happens when they cannot be. The format is in pcapng.ts. */
import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import type { CapturedFrame } from "./ethernet.ts";
import { PcapngWriter } from "./pcapng.ts";

/** Blocks are collected up to this before they are written. */
const BUFFER_BYTES = 256 * 1024;

/**
 * Makes an empty capture file, which `CaptureFile` then adds to.
 *
 * @throws Error when it cannot be written
 */
export function clearCaptureFile(path: string): void {
  writeFileSync(path, "");
}

/**
 * A capture in a file, written in large pieces. It goes on behind what the file has already, as a pcapng section of its
 * own: an OLT that starts again leaves what the one before it captured.
 */
export class CaptureFile {
  readonly #file: number;
  readonly #writer: PcapngWriter;
  readonly #onFault: (line: string) => void;
  #blocks: Uint8Array[] = [];
  #bytes = 0;
  #failed = false;

  /**
   * @param onFault told once when no more can be written: what runs goes on without its capture
   * @throws Error when the file cannot be opened
   */
  constructor(path: string, onFault: (line: string) => void) {
    this.#onFault = onFault;
    this.#file = openSync(path, "a");
    this.#writer = new PcapngWriter((block) => {
      this.#blocks.push(block);
      this.#bytes += block.length;
      if (this.#bytes >= BUFFER_BYTES) this.flush();
    });
  }

  frame(frame: CapturedFrame): void {
    if (!this.#failed) this.#writer.frame(frame);
  }

  /** Writes what is collected. */
  flush(): void {
    if (this.#bytes === 0) return;
    const all = Buffer.concat(this.#blocks);
    this.#blocks = [];
    this.#bytes = 0;
    try {
      for (let written = 0; written < all.length;) written += writeSync(this.#file, all, written);
    } catch (error) {
      this.#failed = true;
      this.#onFault(`the capture ends here: ${(error as Error).message}`);
    }
  }

  close(): void {
    this.flush();
    closeSync(this.#file);
  }
}

import { closeSync, openSync, writeSync } from "node:fs";
import { GemReader } from "../gem.ts";
import { BROADCAST_PORT, omccPort } from "../gem.ts";
import type { CapturedFrame } from "./pcapng.ts";
import { PcapngWriter } from "./pcapng.ts";

/** Blocks are collected up to this before they are written. */
const BUFFER_BYTES = 256 * 1024;

/** A capture in a file, written in large pieces. */
export class CaptureFile {
  readonly #file: number;
  readonly #writer: PcapngWriter;
  readonly #reader = new GemReader();
  #blocks: Uint8Array[] = [];
  #bytes = 0;

  /** @throws Error when the file cannot be written */
  constructor(path: string) {
    this.#file = openSync(path, "w");
    this.#writer = new PcapngWriter((block) => {
      this.#blocks.push(block);
      this.#bytes += block.length;
      if (this.#bytes >= BUFFER_BYTES) this.#flush();
    });
  }

  frame(frame: CapturedFrame): void {
    this.#writer.frame(frame);
  }

  /** Every OMCI frame of a burst of GEM frames. */
  burst(timeNs: number, direction: CapturedFrame["direction"], bytes: Uint8Array): void {
    const reader = this.#reader;
    reader.start(bytes);
    while (reader.next()) {
      const onuId = reader.portId === BROADCAST_PORT ? -1 : reader.portId - omccPort(0);
      this.frame({ timeNs, direction, onuId, frame: bytes.subarray(reader.payloadStart, reader.payloadEnd) });
    }
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    const all = Buffer.concat(this.#blocks);
    for (let written = 0; written < all.length;) written += writeSync(this.#file, all, written);
    this.#blocks = [];
    this.#bytes = 0;
  }
}

/** Keeps the images that pass through a capture, on disk until one is whole, so that memory does not grow with them. */
import { closeSync, mkdtempSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { OnuName } from "./types.ts";

/** Bytes that a stream carried: so many of them, from there on. */
export interface StreamPart {
  stream: string;
  offsetBytes: number;
  bytes: number;
}

/** Takes images as they are transferred. */
export interface ImageStore {
  /** More of what went over one stream. */
  append(stream: string, bytes: Uint8Array): void;
  /** A stream is over, or begins again. */
  drop(stream: string): void;
  /** A whole image of right CRC: these parts, one behind the other. */
  take(onuId: OnuName, parts: readonly StreamPart[]): void;
}

const COPY_BYTES = 1024 * 1024;

/** Keeps what streams carry in files beside the target, until an image is whole; the first one that is wanted becomes the target. */
export class ImageFile implements ImageStore {
  /** ONU whose image it is; undefined while there is none. */
  taken: { onuId: OnuName; bytes: number } | undefined;
  readonly #path: string;
  readonly #wantedOnu: OnuName;
  readonly #folder: string;
  readonly #files = new Map<string, number>();

  /**
   * @param path where the image goes
   * @param wantedOnu only this ONU's image; undefined = the first
   * @throws Error when nothing can be written there
   */
  constructor(path: string, wantedOnu: OnuName) {
    this.#path = path;
    this.#wantedOnu = wantedOnu;
    this.#folder = mkdtempSync(join(dirname(resolve(path)), ".poncast-extract-"));
  }

  append(stream: string, bytes: Uint8Array): void {
    if (this.taken) return;
    let file = this.#files.get(stream);
    if (file === undefined) {
      file = openSync(join(this.#folder, stream), "w+");
      this.#files.set(stream, file);
    }
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
  }

  drop(stream: string): void {
    const file = this.#files.get(stream);
    if (file === undefined) return;
    closeSync(file);
    this.#files.delete(stream);
    rmSync(join(this.#folder, stream));
  }

  take(onuId: OnuName, parts: readonly StreamPart[]): void {
    if (this.taken || (this.#wantedOnu !== undefined && String(onuId) !== String(this.#wantedOnu))) return;
    const whole = join(this.#folder, "image");
    const out = openSync(whole, "w");
    for (const part of parts) this.#copy(part, out);
    closeSync(out);
    renameSync(whole, this.#path);
    this.taken = { onuId, bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0) };
  }

  /** Removes what is left. */
  close(): void {
    for (const file of this.#files.values()) closeSync(file);
    this.#files.clear();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #copy({ stream, offsetBytes, bytes }: StreamPart, out: number): void {
    const file = this.#files.get(stream);
    if (file === undefined) return;
    const buffer = new Uint8Array(Math.min(bytes, COPY_BYTES));
    for (let done = 0; done < bytes;) {
      const got = readSync(file, buffer, 0, Math.min(buffer.length, bytes - done), offsetBytes + done);
      if (got === 0) return;
      for (let written = 0; written < got;) written += writeSync(out, buffer, written, got - written);
      done += got;
    }
  }
}

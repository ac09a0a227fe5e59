/** A capture file that appears complete or not at all, even though comments on its frames come late. */
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { type CapturedFrame, CaptureFile, clearCaptureFile } from "../../pon/capture/index.ts";

/** The last frames are kept, for comments that come after them. */
const FRAMES_KEPT = 4096;

/**
 * A capture that is there whole or not at all, and takes comments on frames that it has already. Its frames have the
 * numbers that Wireshark gives them: from 1 on.
 */
export class WholeCapture {
  readonly path: string;
  readonly #temporaryPath: string;
  readonly #onFault: (line: string) => void;
  #file: CaptureFile | undefined;
  #kept: CapturedFrame[] = [];
  #written = 0;
  #failed = false;

  /** @param onFault told once when it cannot be written: what runs goes on, and there is no such file then */
  constructor(path: string, onFault: (line: string) => void) {
    this.path = path;
    this.#temporaryPath = `${path}.${process.pid}.tmp`;
    this.#onFault = onFault;
  }

  get frames(): number {
    return this.#written + this.#kept.length;
  }

  add(frame: CapturedFrame): void {
    this.#kept.push(frame);
    if (this.#kept.length >= 2 * FRAMES_KEPT) this.#write(FRAMES_KEPT);
  }

  /** Adds to what is said of a frame; of one that is long gone, to the oldest that is kept, with its number. */
  comment(number: number, text: string): void {
    const isKept = number > this.#written;
    const frame = this.#kept[isKept ? number - this.#written - 1 : 0];
    if (frame === undefined) return;
    const told = isKept ? text : `frame ${number}: ${text}`;
    frame.comment = frame.comment === undefined ? told : `${frame.comment}; ${told}`;
  }

  /** The file appears. @returns whether there is one: not without frames, nor when it cannot be written */
  finish(): boolean {
    if (this.frames === 0) return false;
    this.#write(this.#kept.length);
    this.#file?.close();
    if (!this.#failed) this.#attempt(() => renameSync(this.#temporaryPath, this.path));
    if (this.#failed) this.#remove();
    return !this.#failed;
  }

  /** Nothing is left of it. */
  discard(): void {
    this.#file?.close();
    this.#remove();
    this.#kept = [];
  }

  #write(count: number): void {
    this.#open();
    for (const frame of this.#kept.splice(0, count)) this.#file?.frame(frame);
    this.#written += count;
  }

  #open(): void {
    if (this.#file !== undefined || this.#failed) return;
    this.#attempt(() => {
      mkdirSync(dirname(this.path), { recursive: true });
      clearCaptureFile(this.#temporaryPath);
      this.#file = new CaptureFile(this.#temporaryPath, (line) => this.#fail(line));
    });
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail((error as Error).message);
    }
  }

  #fail(line: string): void {
    if (!this.#failed) this.#onFault(`${this.path}: no capture: ${line}`);
    this.#failed = true;
  }

  #remove(): void {
    if (this.#file !== undefined) rmSync(this.#temporaryPath, { force: true });
  }
}

/** What was loaded into the boot loader's memory and is not in the flash yet. */
import { ByteQueue } from "../../../base/recovery/index.ts";

/** Grows with what comes in, never with what was announced. */
export class LoaderStage {
  readonly bytesMax: number;
  #queue = new ByteQueue();
  #isOpen = false;

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  /** Something comes in: nobody else may load meanwhile. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  get lengthBytes(): number {
    return this.#queue.length;
  }

  open(): void {
    this.#queue = new ByteQueue();
    this.#isOpen = true;
  }

  /** Copies the bytes. @returns false: there is no room for them, and all is given up */
  add(bytes: Uint8Array): boolean {
    if (this.#queue.length + bytes.length > this.bytesMax) {
      this.drop();
      return false;
    }
    this.#queue.push(bytes.slice());
    return true;
  }

  close(): void {
    this.#isOpen = false;
  }

  drop(): void {
    this.open();
    this.#isOpen = false;
  }

  /** The next bytes, which are then no longer here. */
  take(most: number): Uint8Array {
    return this.#queue.take(most);
  }
}

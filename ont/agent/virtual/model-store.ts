/** An image store that takes its time and holds nothing: what a fleet in virtual time needs of slots that thousands have. */
import type { FileKind } from "../../core/local-types.ts";
import type { DeviceImage, DeviceState, OntImageStore, StoreAnswer } from "../../store/index.ts";

const NS_PER_SECOND = 1e9;

export interface StoreTiming {
  eraseNs: number;
  writeBytesPerSecond: number;
  verifyBytesPerSecond: number;
  /** A boot record, brought to stable storage. */
  recordNs: number;
  /** From Activate until the new image runs. */
  bootNs: number;
}

type Done<Value> = (answer: StoreAnswer<Value>) => void;

/** Operations follow one another; each is answered when its time is over. */
export class ModelStore implements OntImageStore {
  readonly #timing: StoreTiming;
  readonly #after: (delayNs: number, then: () => void) => void;
  readonly #nowNs: () => number;
  readonly #onRestart: () => void;
  #busyUntilNs = 0;
  #runs: DeviceImage;
  #other: DeviceImage | null = null;
  #isCommitted = true;
  #identity = "";
  #imageBytes = 0;
  #heldBytes = 0;

  constructor(
    runs: DeviceImage,
    timing: StoreTiming,
    links: { nowNs: () => number; after: (delayNs: number, then: () => void) => void; onRestart: () => void },
  ) {
    this.#runs = runs;
    this.#timing = timing;
    this.#nowNs = links.nowNs;
    this.#after = links.after;
    this.#onRestart = links.onRestart;
  }

  #work(ns: number, then: () => void): void {
    const nowNs = this.#nowNs();
    this.#busyUntilNs = Math.max(nowNs, this.#busyUntilNs) + Math.ceil(ns);
    this.#after(this.#busyUntilNs - nowNs, then);
  }

  begin(_kind: FileKind, imageBytes: number, identity: string, done: Done<{ heldBytes: number }>): void {
    const isHeld = identity !== "" && identity === this.#identity;
    if (!isHeld) this.#heldBytes = 0;
    this.#identity = identity;
    this.#imageBytes = imageBytes;
    this.#other = null;
    this.#work(isHeld ? 0 : this.#timing.eraseNs, () => done({ ok: true, heldBytes: this.#heldBytes }));
  }

  write(offsetBytes: number, bytes: Uint8Array, isStable: boolean, done: Done<object>): void {
    this.#heldBytes = offsetBytes + bytes.length;
    const writeNs = (bytes.length * NS_PER_SECOND) / this.#timing.writeBytesPerSecond;
    this.#work(writeNs + (isStable ? this.#timing.recordNs : 0), () => done({ ok: true }));
  }

  finish(sha256: string, done: Done<{ image: DeviceImage }>): void {
    const image = { version: "", sha256 };
    const verifyNs = (this.#imageBytes * NS_PER_SECOND) / this.#timing.verifyBytesPerSecond;
    this.#work(verifyNs + this.#timing.recordNs, () => {
      this.#other = image;
      this.#identity = "";
      done({ ok: true, image });
    });
  }

  activate(done: Done<object>): void {
    const { recordNs, bootNs } = this.#timing;
    this.#work(recordNs, () => {
      done({ ok: true });
      this.#after(bootNs, () => this.#restart(false));
    });
  }

  commit(done: Done<object>): void {
    this.#work(this.#timing.recordNs, () => {
      this.#isCommitted = true;
      done({ ok: true });
    });
  }

  rollBack(done: Done<object>): void {
    done({ ok: true });
    if (!this.#isCommitted) this.#after(this.#timing.bootNs, () => this.#restart(true));
  }

  drop(done: Done<object>): void {
    this.#identity = "";
    this.#heldBytes = 0;
    done({ ok: true });
  }

  state(): DeviceState {
    return {
      runs: this.#runs,
      isCommitted: this.#isCommitted,
      other: this.#other,
      rolledBack: "",
      securityVersion: 0,
    };
  }

  #restart(isCommitted: boolean): void {
    const other = this.#other;
    if (other !== null) {
      this.#other = this.#runs;
      this.#runs = other;
      this.#isCommitted = isCommitted;
    }
    this.#onRestart();
  }
}

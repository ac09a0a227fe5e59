/** An image store in memory for the agent's tests: what a power cut takes from it, and what it has installed, and when. */
import { createHash } from "node:crypto";
import type { FileKind, StoredImage } from "../../../ont/index.ts";
import type { DeviceState, OntImageStore, StoreAnswer } from "../../../ont/store/index.ts";

export const sha256Of = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export const imageOf = (bytes: Uint8Array, version = "V"): StoredImage => ({
  version,
  productCode: "PC-1",
  imageBytes: bytes.length,
  crc32: 0,
  sha256: sha256Of(bytes),
  md5: "",
});

/** What a boot of a new image comes to. */
export type BootPlanOfTest = "boots" | "fails";

type Done<Value> = (answer: StoreAnswer<Value>) => void;

/** Two slots; the second is where images go. Survives the agent; `cut` takes what was not stable. */
export class MemoryStore implements OntImageStore {
  running: StoredImage;
  isCommitted = true;
  other: StoredImage | null = null;
  rolledBack = "";
  boots: BootPlanOfTest = "boots";
  /** Refuses to begin, or to restart, for a cause that passes. */
  busy = "";
  /** Restarts that were asked for; the test carries them out. */
  restart: "activate" | "rollBack" | null = null;
  activations = 0;
  commits = 0;
  /** Bytes that were written, those written twice counted twice. */
  writtenBytes = 0;
  slot = new Uint8Array(0);
  identity = "";
  heldBytes = 0;
  stableBytes = 0;
  kind: FileKind = "image";
  /** What its verifier says of a file: why not; empty: it is good. */
  verify: (bytes: Uint8Array) => string = () => "";
  onActivate: () => void = () => undefined;
  onCommit: () => void = () => undefined;

  constructor(running: StoredImage) {
    this.running = running;
  }

  begin(kind: FileKind, imageBytes: number, identity: string, done: Done<{ heldBytes: number }>): void {
    if (this.busy !== "") return done({ ok: false, cause: this.busy, passes: true });
    if (identity === "" || identity !== this.identity) {
      this.slot = new Uint8Array(imageBytes);
      this.identity = identity;
      this.heldBytes = 0;
      this.stableBytes = 0;
    }
    this.kind = kind;
    this.other = null;
    done({ ok: true, heldBytes: this.heldBytes });
  }

  write(offsetBytes: number, bytes: Uint8Array, isStable: boolean, done: Done<object>): void {
    if (offsetBytes !== this.heldBytes) throw new Error(`written at ${offsetBytes}, not at ${this.heldBytes}`);
    this.slot.set(bytes, offsetBytes);
    this.heldBytes += bytes.length;
    this.writtenBytes += bytes.length;
    if (isStable) this.stableBytes = this.heldBytes;
    done({ ok: true });
  }

  finish(sha256: string, done: Done<{ image: StoredImage }>): void {
    if (this.heldBytes !== this.slot.length) throw new Error("finish before all is there");
    this.identity = "";
    if (sha256 !== "" && sha256 !== sha256Of(this.slot))
      return done({ ok: false, cause: "payload-hash-mismatch", passes: false });
    const cause = this.verify(this.slot);
    if (cause !== "") return done({ ok: false, cause, passes: false });
    this.other = imageOf(this.slot);
    done({ ok: true, image: this.other });
  }

  activate(done: Done<object>): void {
    if (this.other === null) return done({ ok: false, cause: "image-not-valid", passes: false });
    if (this.busy !== "") return done({ ok: false, cause: this.busy, passes: true });
    this.activations += 1;
    this.onActivate();
    this.restart = "activate";
    done({ ok: true });
  }

  commit(done: Done<object>): void {
    this.isCommitted = true;
    this.commits += 1;
    this.onCommit();
    done({ ok: true });
  }

  rollBack(done: Done<object>): void {
    this.restart = "rollBack";
    done({ ok: true });
  }

  drop(done: Done<object>): void {
    this.identity = "";
    this.heldBytes = 0;
    this.stableBytes = 0;
    done({ ok: true });
  }

  state(): DeviceState {
    const { running, isCommitted, other, rolledBack } = this;
    return { runs: running, isCommitted, other, rolledBack, securityVersion: 0 };
  }

  /** The power goes: what was not stable is gone, and so is a trial. */
  cut(): void {
    this.heldBytes = this.stableBytes;
    this.slot.fill(0, this.heldBytes);
    this.restart = null;
    this.rolledBack = "";
    if (!this.isCommitted) this.#swap(true);
  }

  /** The restart that was asked for is over. */
  reboot(): void {
    const { restart } = this;
    this.restart = null;
    this.rolledBack = "";
    if (restart === "rollBack") {
      if (this.isCommitted) return;
      this.#swap(true);
      this.rolledBack = "restarted before Commit";
    } else if (restart === "activate") {
      if (this.boots === "boots") this.#swap(false);
      else this.rolledBack = "the image did not boot";
    }
  }

  #swap(isCommitted: boolean): void {
    const { other } = this;
    if (other === null) throw new Error("nothing to boot");
    this.other = this.running;
    this.running = other;
    this.isCommitted = isCommitted;
  }
}

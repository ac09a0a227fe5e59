/**
 * One image store for several roads beside OMCI, a depot's and a folder's: one of them at a time fills the slot, and none restarts
 * into what another has put there.
 */
import type { FileKind } from "../core/local-types.ts";
import type { OntImageStore, StoreAnswer } from "./store.ts";
import type { DeviceImage } from "./types.ts";

type Done<Value> = (answer: StoreAnswer<Value>) => void;

const BUSY = { ok: false, cause: "busy", passes: true } as const;
const REPLACED = { ok: false, cause: "another image is in the slot", passes: false } as const;

export class SharedStore {
  readonly #store: OntImageStore;
  /** Who fills the slot now, and who filled it last; null: nobody in this life. */
  #filling: object | null = null;
  #filled: object | null = null;

  constructor(store: OntImageStore) {
    this.#store = store;
  }

  /** The device has gone down: nobody is at it. */
  clear(): void {
    this.#filling = null;
    this.#filled = null;
  }

  /** The store as one road sees it. */
  road(): OntImageStore {
    const own = {};
    const store = this.#store;
    const released = <Value>(done: Done<Value>): Done<Value> => {
      return (answer) => {
        if (this.#filling === own) this.#filling = null;
        done(answer);
      };
    };
    return {
      begin: (kind: FileKind, imageBytes: number, identity: string, done: Done<{ heldBytes: number }>) => {
        if (this.#filling !== null && this.#filling !== own) return done(BUSY);
        this.#filling = own;
        this.#filled = own;
        store.begin(kind, imageBytes, identity, (answer) => (answer.ok ? done(answer) : released(done)(answer)));
      },
      write: (offsetBytes: number, bytes: Uint8Array, isStable: boolean, done: Done<object>) =>
        this.#filling === own ? store.write(offsetBytes, bytes, isStable, done) : done(BUSY),
      finish: (sha256: string, done: Done<{ image: DeviceImage }>) =>
        this.#filling === own ? store.finish(sha256, released(done)) : done(BUSY),
      activate: (done) => {
        if (this.#filling !== null) return done(BUSY);
        return this.#filled === null || this.#filled === own ? store.activate(done) : done(REPLACED);
      },
      commit: (done) => store.commit(done),
      rollBack: (done) => store.rollBack(done),
      drop: (done) => (this.#filling === own ? store.drop(released(done)) : done({ ok: true })),
      state: () => store.state(),
    };
  }
}

/** The image store of an ONT of ours: its own slots, verifier, boot record and watchdog, as OMCI has them. */
import type { FileKind, LocalAnswer, LocalCommand } from "../core/local-types.ts";
import type { OntSnapshot } from "../core/types.ts";
import type { OntImageStore, StoreAnswer, StoreRefusal } from "./store.ts";
import type { DeviceImage, DeviceState } from "./types.ts";

/** The ONT's driver, as the store needs it. */
export interface LocalPort {
  /** `Ont.handleLocal`, and a turn after it, unless one is under way. */
  command(command: LocalCommand): void;
  snapshot(): OntSnapshot;
}

type Done<Value> = (answer: StoreAnswer<Value>) => void;
type WithoutId<T> = T extends { id: number } ? Omit<T, "id"> : never;

const DONE = { ok: true } as const;
const refusalOf = ({ cause, passes }: LocalAnswer): StoreRefusal => ({ ok: false, cause, passes });

/** Lives as long as the driver of its ONT; who asks for something new after a restart hears nothing of what was asked before. */
export class LocalStore implements OntImageStore {
  readonly #port: LocalPort;
  readonly #waiting = new Map<number, (answer: LocalAnswer) => void>();
  #lastId = 0;

  constructor(port: LocalPort) {
    this.#port = port;
  }

  /** For `OntSinks.local`. */
  answer(answer: LocalAnswer): void {
    const done = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    done?.(answer);
  }

  /** The ONT has gone down: nothing that was asked will be answered. */
  clear(): void {
    this.#waiting.clear();
  }

  begin(kind: FileKind, imageBytes: number, identity: string, done: Done<{ heldBytes: number }>): void {
    this.#ask({ kind: "begin", image: kind, imageBytes, identity }, done, ({ heldBytes }) => ({ heldBytes }));
  }

  write(offsetBytes: number, bytes: Uint8Array, isStable: boolean, done: Done<object>): void {
    // The one that comes for each piece of a file.
    const id = ++this.#lastId;
    this.#waiting.set(id, (answer) => done(answer.ok ? DONE : refusalOf(answer)));
    this.#port.command({ kind: "write", id, offsetBytes, bytes, isStable });
  }

  finish(sha256: string, done: Done<{ image: DeviceImage }>): void {
    this.#ask({ kind: "finish", sha256 }, done, ({ image }) => ({ image: image ?? { version: "", sha256 } }));
  }

  activate(done: Done<object>): void {
    this.#ask({ kind: "activate" }, done, () => ({}));
  }

  commit(done: Done<object>): void {
    this.#ask({ kind: "commit" }, done, () => ({}));
  }

  rollBack(done: Done<object>): void {
    this.#ask({ kind: "rollBack" }, done, () => ({}));
  }

  drop(done: Done<object>): void {
    this.#ask({ kind: "drop" }, done, () => ({}));
  }

  state(): DeviceState {
    const { record, activeSlot, state, cause } = this.#port.snapshot();
    return {
      runs: record.slots[activeSlot],
      runsSlot: activeSlot,
      isCommitted: record.committed === activeSlot,
      other: record.slots[activeSlot === 0 ? 1 : 0],
      rolledBack: state === "rolledBack" ? (cause ?? "rolled back") : "",
      securityVersion: record.securityVersion ?? 0,
    };
  }

  #ask<Value extends object>(
    command: WithoutId<LocalCommand>,
    done: Done<Value>,
    value: (answer: LocalAnswer) => Value,
  ): void {
    const id = ++this.#lastId;
    this.#waiting.set(id, (answer) => {
      if (answer.ok) done({ ok: true, ...value(answer) });
      else done(refusalOf(answer));
    });
    this.#port.command({ ...command, id } as LocalCommand);
  }
}

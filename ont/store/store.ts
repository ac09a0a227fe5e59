/** The image store as a road to it sees it, whichever road: HTTPS, TR-069, a file; the ONT's own is behind `local-store.ts`. */
import type { FileKind } from "../core/local-types.ts";
import type { DeviceImage, DeviceState, StoreCommand, StoreFinding } from "./types.ts";

/** Why the store did not do it. */
export interface StoreRefusal {
  ok: false;
  cause: string;
  /** It may go another time, by itself: the battery is low, another road is at work. */
  passes: boolean;
}

export type StoreAnswer<Value> = ({ ok: true } & Value) | StoreRefusal;

/**
 * Slots, verifier, boot record and watchdog of one device. One image at a time; answers come in the order of the calls, and may
 * come before a call returns. Who drops it, as a power cut does, begins again with what `state` says.
 */
export interface OntImageStore {
  /**
   * @param identity hexadecimal (`imageIdentity`), by which a part that is there is known again; empty: nothing is kept
   * @param done how much from the beginning is held already
   */
  begin(
    kind: FileKind,
    imageBytes: number,
    identity: string,
    done: (answer: StoreAnswer<{ heldBytes: number }>) => void,
  ): void;
  /**
   * The next bytes, in order. `bytes` is taken before this returns, or copied.
   *
   * @param isStable answered when they, and all before them, outlive a power cut
   */
  write(offsetBytes: number, bytes: Uint8Array, isStable: boolean, done: (answer: StoreAnswer<object>) => void): void;
  /**
   * Checks the whole file (CRC, digests, signatures, fit), stores it, rebuilds what a delta makes.
   *
   * @param sha256 of the file as it was announced, hexadecimal; empty: it was not
   * @param done the image that the slot holds now
   */
  finish(sha256: string, done: (answer: StoreAnswer<{ image: DeviceImage }>) => void): void;
  /** Restarts into the image that was stored. */
  activate(done: (answer: StoreAnswer<object>) => void): void;
  /** The image that runs stays. */
  commit(done: (answer: StoreAnswer<object>) => void): void;
  /** Restarts into the committed image. */
  rollBack(done: (answer: StoreAnswer<object>) => void): void;
  /** Gives up what was begun. */
  drop(done: (answer: StoreAnswer<object>) => void): void;
  /** After a boot, and whenever somebody asks. */
  state(): DeviceState;
}

/** Carries out what a road asks of its store. @param settle called after an answer that came later than the call */
export function carryOutStore(
  road: { handleStored(nowNs: number, finding: StoreFinding): void },
  store: OntImageStore,
  command: StoreCommand,
  nowNs: () => number,
  settle: () => void,
): void {
  const { id } = command;
  let isLate = false;
  const done = (answer: StoreAnswer<{ heldBytes?: number; image?: DeviceImage }>): void => {
    const finding: StoreFinding = { id, ...answer };
    road.handleStored(nowNs(), finding);
    if (isLate) settle();
  };
  switch (command.kind) {
    case "begin":
      store.begin(command.image, command.imageBytes, command.identity, done);
      break;
    case "write":
      store.write(command.offsetBytes, command.bytes, command.isStable, done);
      break;
    case "finish":
      store.finish(command.sha256, done);
      break;
    case "activate":
    case "commit":
    case "rollBack":
    case "drop":
      store[command.kind](done);
      break;
  }
  isLate = true;
}

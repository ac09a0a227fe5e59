/** The kinds of events in the queue of a simulation. */
import { LINE_EVENT } from "../../pon/virtual/index.ts";

/** Everything that happens by itself at its time. The target is an ONT, a port or a fault. */
export const EVENT = {
  ...LINE_EVENT,
  /** The OLT has a deadline, or room to send. */
  oltWake: 2,
  /** The ONT has a deadline. */
  ontWake: 3,
  /** A flash operation is done. */
  flash: 4,
  /** An ONT that has booted is ranged. */
  ranged: 5,
  /** The OLT notices that an ONT's signal is gone. */
  signalLost: 6,
  powerOn: 7,
  fault: 8,
  /** A killed OLT comes back. */
  oltStart: 9,
  /** The power goes in the middle of a flash operation. */
  cutInFlash: 10,
  /** Something of a network; its payload is called. */
  call: 32,
} as const;

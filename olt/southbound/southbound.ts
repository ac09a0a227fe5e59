/** The OLT's way to its ONTs, in one shape for all: UDP, the virtual line, OpenOLT. */
import type { LinkTraffic } from "../../pon/index.ts";
import type { DownstreamSink } from "../core/types.ts";

/**
 * What the turn loop needs of a way south. `frame` and `sections` go to one ONU-ID, or with BROADCAST to all; a way without
 * multicast is given cores in unicast mode only.
 */
export interface Southbound extends DownstreamSink {
  /** Which way it is, for messages about our own defects. */
  readonly name: string;
  /** What has passed so far, as counted at the OLT; the objects stay the same. */
  readonly downstream: LinkTraffic;
  readonly upstream: LinkTraffic;
  /** A turn begins: what is asked and sent until the next one is of this time. */
  beginTurn(nowNs: number): void;
  /** Sends what is packed: the turn has nothing more for it. */
  flush(): void;
  /** When there is room again after `roomBytes` was used up; Infinity = it tells by itself. */
  roomAgainNs(nowNs: number): number;
  /** The way's own deadlines, as of ranging; Infinity = none. */
  nextTimeoutNs(): number;
  handleTimeout(nowNs: number): void;
}

/** What comes up a real way; whoever turns the OLT core listens. */
export interface SouthboundHandlers {
  /** An ONT is there, or there again. */
  onRanged: (onuId: number, serial: string) => void;
  onLinkLost: (onuId: number) => void;
  /** An upstream frame without its trailer; valid during the call. */
  onFrame: (onuId: number, pdu: Uint8Array) => void;
  /** A sign of life came so much later than it was due. */
  onLate: (lateNs: number) => void;
  /** A frame that did not get to the core; BROADCAST = nobody knows whose. */
  onDropped: (onuId: number, cause: string) => void;
  /** A turn is due: something came up, or there is room again. */
  onDue: () => void;
}

/** A way in real time: what comes up comes by itself. */
export interface RealTimeSouthbound extends Southbound {
  handlers: SouthboundHandlers;
}

/** Until somebody listens. */
export const NOBODY: SouthboundHandlers = {
  onRanged: () => undefined,
  onLinkLost: () => undefined,
  onFrame: () => undefined,
  onLate: () => undefined,
  onDropped: () => undefined,
  onDue: () => undefined,
};

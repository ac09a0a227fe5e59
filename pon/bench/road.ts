/** A road of a bench: OMCI frames to one device and from it, whatever carries them. One interface, one file each. */

/** What comes in over a road. */
export interface RoadHandlers {
  /** A frame as it came, with its trailer where it has one; padding of the road is off. Nobody else writes to it. */
  onFrame: (frame: Uint8Array) => void;
  /** Nothing passes any more; one line. Called once at most, and not for our own close. */
  onEnd: (cause: string) => void;
  /** Octets that are no frame, by cause. */
  onDropped: (cause: string) => void;
}

/** A road that is open. */
export interface OpenRoad {
  /** Octets that were sent and have not left this process yet. */
  readonly waitingBytes: number;
  /** A frame with its trailer, where it has one. What is sent when nobody is there (any more) is lost. */
  send(frame: Uint8Array): void;
  close(): void;
}

/** Which end of the road is ours: matters where the two are not alike. */
export type RoadEnd = "olt" | "ont";

/** A road as it was typed. */
export interface BenchRoad {
  /** As typed: `serial:/dev/ttyUSB0,115200`. */
  readonly name: string;
  /** Frames travel with the CRC-32 unless somebody says otherwise; without where the road's own rules leave it out. */
  readonly hasTrailer: boolean;
  /** The ONT's number, where the road has one. */
  readonly onuId?: number;
  /** @throws RoadError in one line when there is no way */
  open(end: RoadEnd, handlers: RoadHandlers): Promise<OpenRoad>;
}

/** How long it may take until somebody is there. */
export const ROAD_OPEN_MS = 2000;

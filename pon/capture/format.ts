/** What the formats of capture files have in common: records, cut out of a file as it comes in. */

/** Packets of one interface (pcapng), or of the whole file. */
export interface CaptureInterface {
  /** As pcap numbers them. */
  linkType: number;
}

/** A packet, as a format found it. */
export interface FoundPacket {
  from: CaptureInterface | undefined;
  packet: Uint8Array;
  timeNs: bigint;
  comment?: string | undefined;
  /** Not all of it was kept. */
  isCut: boolean;
}

export type PacketSink = (found: FoundPacket) => void;

/** How one format is cut into records. */
export interface CaptureFormat {
  /** Bytes that have to be there before `bytes` can tell. */
  readonly headBytes: number;
  /**
   * Length of the record at the front.
   *
   * @returns undefined when it cannot be one
   */
  bytes(view: DataView): number | undefined;
  take(view: DataView, record: Uint8Array): void;
}

export const NS_PER_SECOND = 1_000_000_000n;

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

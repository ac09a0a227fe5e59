/** What a PON's transmission convergence layer does with frames, and how fast. */
export interface LineProfile {
  name: string;
  downBitsPerSecond: number;
  upBitsPerSecond: number;
  /** Length of a downstream frame, and the grid of upstream grants. */
  frameNs: number;
  /** Header in front of each GEM or XGEM frame. */
  headerBytes: number;
  /** The payload is padded to a multiple of this, the whole frame to at least `frameBytesMin`. */
  alignBytes: number;
  frameBytesMin: number;
  /** Downstream frame header without the upstream bandwidth map, and one allocation in that map. */
  downHeaderBytes: number;
  allocationBytes: number;
  /** Share of the downstream frame that forward error correction leaves. */
  fecShare: number;
  /** Between two ONTs' upstream bursts: guard time, preamble and delimiter. */
  burstOverheadNs: number;
}

const FRAME_NS = 125_000;
const STM1_BITS_PER_SECOND = 155_520_000;

/** G.984.2 and G.984.3: PCBd of 30 bytes (PSync, Ident, PLOAMd, BIP, Plend twice), allocations of 8. */
const gpon: LineProfile = {
  name: "G-PON",
  downBitsPerSecond: 16 * STM1_BITS_PER_SECOND,
  upBitsPerSecond: 8 * STM1_BITS_PER_SECOND,
  frameNs: FRAME_NS,
  headerBytes: 5,
  alignBytes: 1,
  frameBytesMin: 5,
  downHeaderBytes: 30,
  allocationBytes: 8,
  fecShare: 1,
  burstOverheadNs: 103,
};

/** G.987.2 and G.987.3: PSBd of 24 bytes, framing header and trailer of 4 each, RS(248,216) downstream. */
const xgpon: LineProfile = {
  name: "XG-PON",
  downBitsPerSecond: 64 * STM1_BITS_PER_SECOND,
  upBitsPerSecond: 16 * STM1_BITS_PER_SECOND,
  frameNs: FRAME_NS,
  headerBytes: 8,
  alignBytes: 4,
  frameBytesMin: 16,
  downHeaderBytes: 32,
  allocationBytes: 8,
  fecShare: 216 / 248,
  burstOverheadNs: 206,
};

/** G.9807.1: as XG-PON downstream, four times its rate upstream. */
const xgspon: LineProfile = { ...xgpon, name: "XGS-PON", upBitsPerSecond: 64 * STM1_BITS_PER_SECOND };

export type LineName = "gpon" | "xgpon" | "xgspon";

export const lineProfiles: Readonly<Record<LineName, LineProfile>> = { gpon, xgpon, xgspon };

/** Bytes of the GEM (XGEM) frame around `payloadBytes`, padding included. */
export function gemFrameBytes(profile: LineProfile, payloadBytes: number): number {
  const { headerBytes, alignBytes, frameBytesMin } = profile;
  const padded = Math.ceil(payloadBytes / alignBytes) * alignBytes;
  return Math.max(frameBytesMin, headerBytes + padded);
}

/**
 * Bytes of GEM frames in one downstream frame.
 *
 * @param allocations upstream allocations that its bandwidth map lists
 */
export function framePayloadBytes(profile: LineProfile, allocations: number): number {
  const { downBitsPerSecond, downHeaderBytes, allocationBytes, fecShare } = profile;
  const frameBytes = (downBitsPerSecond / 8) * (profile.frameNs / 1e9);
  return Math.floor(frameBytes * fecShare) - downHeaderBytes - allocations * allocationBytes;
}

/** Light in a fibre needs 5 µs for a kilometre. */
export const propagationNs = (distanceKm: number): number => Math.round(distanceKm * 5_000);

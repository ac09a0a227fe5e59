/** When an ONT may send: its slot in each cycle of upstream grants. Times only; frames are in upstream.ts. */
import { gemFrameBytes, type LineProfile } from "./profiles.ts";

export interface GrantOptions {
  profile: LineProfile;
  onts: number;
  /** Every ONT is granted once per cycle; a multiple of the frame. */
  cycleNs: number;
  /** Bytes of GEM frames that a grant of the OMCC's T-CONT holds. */
  grantBytes: number;
}

/**
 * The upstream line: in each cycle every ONT has one slot for its OMCC, at the same place in the cycle. Ranging makes all
 * slots line up at the OLT (equalisation delay), so that a slot's place there does not depend on the distance; an ONT
 * far away just has to have its frame ready earlier. A frame larger than what is left of a grant goes on in the next.
 */
export class UpstreamGrants {
  readonly #profile: LineProfile;
  readonly #cycleNs: number;
  readonly #grantBytes: number;
  readonly #nsPerByte: number;
  readonly #slotNs: number;
  /** Of each ONT: the cycle that its last frame ended in, and the bytes used of that grant. */
  readonly #cycle: Float64Array;
  readonly #used: Float64Array;
  sentBytes = 0;

  constructor({ profile, onts, cycleNs, grantBytes }: GrantOptions) {
    this.#profile = profile;
    this.#cycleNs = cycleNs;
    this.#grantBytes = grantBytes;
    this.#nsPerByte = 8e9 / profile.upBitsPerSecond;
    this.#slotNs = slotNsOf(profile, grantBytes);
    if (!(cycleNs > 0 && cycleNs % profile.frameNs === 0))
      throw new RangeError(`a grant cycle of ${cycleNs} ns; it is a multiple of ${profile.frameNs} ns`);
    if (grantBytes <= profile.headerBytes) throw new RangeError(`a grant of ${grantBytes} bytes holds no frame`);
    if (this.#slotNs * onts > cycleNs) {
      throw new RangeError(`${onts} grants of ${grantBytes} bytes do not fit into a cycle of ${cycleNs} ns`);
    }
    this.#cycle = new Float64Array(onts).fill(-1);
    this.#used = new Float64Array(onts);
  }

  /**
   * Sends one frame upstream.
   *
   * @param ont number of the ONT on this port
   * @param readyNs when the ONT has it ready
   * @param payloadBytes OMCI frame with its trailer
   * @returns when the OLT has all of it, integer nanoseconds
   */
  send(ont: number, readyNs: number, propagationNs: number, payloadBytes: number): number {
    const slotStartNs = ont * this.#slotNs;
    const firstCycle = Math.max(0, Math.ceil((readyNs + propagationNs - slotStartNs) / this.#cycleNs));
    let cycle = this.#cycle[ont];
    let used = this.#used[ont];
    if (firstCycle > cycle) {
      cycle = firstCycle;
      used = 0;
    }
    let left = gemFrameBytes(this.#profile, payloadBytes);
    const { headerBytes } = this.#profile;
    while (left > this.#grantBytes - used) {
      const room = this.#grantBytes - used;
      // A fragment has a header of its own; a rest of the grant that holds nothing else stays empty.
      if (room > headerBytes) {
        left -= room - headerBytes;
        this.sentBytes += room;
      }
      cycle++;
      used = 0;
    }
    used += left;
    this.sentBytes += left;
    this.#cycle[ont] = cycle;
    this.#used[ont] = used;
    return Math.ceil(cycle * this.#cycleNs + slotStartNs + used * this.#nsPerByte);
  }

  /** Forgets what an ONT has sent, as when it lost its power. */
  reset(ont: number): void {
    this.#cycle[ont] = -1;
    this.#used[ont] = 0;
  }
}

const slotNsOf = (profile: LineProfile, grantBytes: number): number =>
  Math.ceil((grantBytes * 8e9) / profile.upBitsPerSecond) + profile.burstOverheadNs;

/** Shortest cycle, in whole frames, in which so many grants of this size fit. */
export function cycleNsFor(profile: LineProfile, onts: number, grantBytes: number): number {
  const frames = Math.ceil((slotNsOf(profile, grantBytes) * onts) / profile.frameNs);
  return Math.max(1, frames) * profile.frameNs;
}

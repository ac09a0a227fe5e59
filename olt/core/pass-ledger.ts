/** What each pass over the image cost, to a group or to one ONT alone, for the result of a run. */
import { BROADCAST } from "../../pon/types.ts";
import type { GroupTarget } from "./group-target.ts";
import type { OltGroup } from "./types.ts";

/** Counts by destination what is sent from the opening of an entry to its end. */
export class PassLedger {
  readonly #entries: LedgerEntry[] = [];
  readonly #payloadBytesTo: (to: number) => number;

  /** @param payloadBytesTo payload bytes of all sections sent to a destination so far */
  constructor(payloadBytesTo: (to: number) => number) {
    this.#payloadBytesTo = payloadBytesTo;
  }

  /** All of them so far, the ones under way with what they cost up to now. */
  get groups(): OltGroup[] {
    return this.#entries.map((entry) => entry.soFar);
  }

  /** A download begins. @param members ONU-IDs */
  open(
    { why, payload }: Pick<GroupTarget, "payload"> & Pick<OltGroup, "why">,
    members: readonly number[],
    nowNs: number,
  ): LedgerEntry {
    const group: OltGroup = {
      why,
      payload: payload.index,
      onts: members.length,
      startNs: nowNs,
      endNs: -1,
      payloadBytes: 0,
    };
    const destinations = why === "alone" ? members : [BROADCAST, ...members];
    const entry = new LedgerEntry(group, destinations, this.#payloadBytesTo);
    this.#entries.push(entry);
    return entry;
  }
}

export class LedgerEntry {
  readonly #group: OltGroup;
  readonly #payloadBytesTo: (to: number) => number;
  /** Payload bytes at the opening, of each destination that still belongs to it. */
  readonly #before: Map<number, number>;

  constructor(group: OltGroup, destinations: readonly number[], payloadBytesTo: (to: number) => number) {
    this.#group = group;
    this.#payloadBytesTo = payloadBytesTo;
    this.#before = new Map(destinations.map((to) => [to, payloadBytesTo(to)]));
  }

  get soFar(): OltGroup {
    const open = [...this.#before].reduce((sum, [to, before]) => sum + this.#payloadBytesTo(to) - before, 0);
    return { ...this.#group, payloadBytes: this.#group.payloadBytes + open };
  }

  /** Another member: what is sent to it from now on belongs to this download. */
  join(onuId: number): void {
    this.#before.set(onuId, this.#payloadBytesTo(onuId));
    this.#group.onts++;
  }

  /** A member is gone: what is sent to it from now on belongs to another download. */
  leave(onuId: number): void {
    const before = this.#before.get(onuId);
    if (before === undefined) return;
    this.#before.delete(onuId);
    this.#group.payloadBytes += this.#payloadBytesTo(onuId) - before;
  }

  /** The last window is answered, or nobody is left. */
  close(nowNs: number): void {
    for (const to of this.#before.keys()) this.leave(to);
    this.#group.endNs = nowNs;
  }
}

/** Who is waited for, and for how long: before the first download begins, and before the run ends. */
import type { Missing } from "./catch-up.ts";
import type { Session } from "./session.ts";
import type { OltConfig } from "./types.ts";

export class Attendance {
  readonly #patienceNs: number;
  readonly #arrivalWaitNs: number;
  readonly #knownOnts: number;
  /** ONTs that the beginning waits for; of how many, is known once all have come up. */
  #expectedOnts: number;
  #isFleetStarting = false;
  #beginsByNs = Infinity;
  #hasBegun = false;
  #endsFromNs = Infinity;

  constructor({ expectedOnts, knownOnts, limits }: Pick<OltConfig, "expectedOnts" | "knownOnts" | "limits">) {
    this.#expectedOnts = expectedOnts;
    this.#knownOnts = knownOnts;
    this.#patienceNs = limits.rangingPatienceNs;
    this.#arrivalWaitNs = limits.arrivalWaitNs;
  }

  /** The download has begun. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** When it begins without those still missing. */
  get beginsByNs(): number {
    return this.#hasBegun || this.#isFleetStarting ? Infinity : this.#beginsByNs;
  }

  /** When the run may end without those who never came. */
  get endsFromNs(): number {
    return this.#endsFromNs;
  }

  begin(): void {
    this.#hasBegun = true;
  }

  /** The first ONT is here: patience begins now at the earliest, as with nobody there nothing begins. */
  handleFirst(nowNs: number): void {
    this.#beginsByNs = nowNs + this.#patienceNs;
    this.#endsFromNs = nowNs + this.#arrivalWaitNs;
  }

  /** See `Olt.handleFleet`. @param here ONTs that have ranged */
  handleFleet(nowNs: number, onts: number | "starting", here: number): void {
    this.#isFleetStarting = onts === "starting";
    if (onts === "starting") return;
    this.#expectedOnts = onts;
    if (here > 0) this.handleFirst(nowNs);
  }

  /** An operator ends the run before anybody is here. @param ahead ONTs of an OLT before are still to come */
  handleAbort(nowNs: number, ahead: boolean): void {
    if (ahead) this.handleFirst(nowNs);
    else this.begin();
  }

  /** @param discovering of those who are here */
  mayBegin(nowNs: number, here: number, discovering: number): boolean {
    if (this.#isFleetStarting) return false;
    return nowNs >= this.#beginsByNs || (discovering === 0 && here >= this.#expectedOnts);
  }

  /** ONTs of this port that are not here, or not known well enough yet, and may still come. */
  missing(sessions: ReadonlyMap<number, Session>): Missing {
    const away = [...sessions.values()].filter(({ phase }) => phase === "silent" || phase === "discovering");
    return {
      away: Math.max(0, this.#knownOnts - sessions.size) + away.length,
      struggling: away.filter(({ online }) => online).length,
    };
  }

  /** Nobody else is to be expected: all have been here, or were given their time. */
  mayEnd(nowNs: number, here: number): boolean {
    return here >= this.#knownOnts || nowNs >= this.#endsFromNs;
  }
}

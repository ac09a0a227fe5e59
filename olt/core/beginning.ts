/** When the first download begins: who is waited for, and for how long. */
import type { OltConfig } from "./types.ts";

export class Beginning {
  readonly #patienceNs: number;
  /** ONTs that it waits for; of how many, is known once all have come up. */
  #expectedOnts: number;
  #isFleetStarting = false;
  #byNs = Infinity;
  #isOver = false;

  constructor({ expectedOnts, limits }: Pick<OltConfig, "expectedOnts" | "limits">) {
    this.#expectedOnts = expectedOnts;
    this.#patienceNs = limits.rangingPatienceNs;
  }

  /** The download has begun. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** When it begins without those still missing. */
  get dueNs(): number {
    return this.#isOver || this.#isFleetStarting ? Infinity : this.#byNs;
  }

  end(): void {
    this.#isOver = true;
  }

  /** Patience begins with the first ranging at the earliest: with nobody there, nothing begins. */
  startPatience(nowNs: number): void {
    this.#byNs = nowNs + this.#patienceNs;
  }

  /** See `Olt.handleFleet`. @param here ONTs that have ranged */
  handleFleet(nowNs: number, onts: number | "starting", here: number): void {
    this.#isFleetStarting = onts === "starting";
    if (onts === "starting") return;
    this.#expectedOnts = onts;
    if (here > 0) this.startPatience(nowNs);
  }

  /** @param discovering of those who are here */
  isDue(nowNs: number, here: number, discovering: number): boolean {
    if (this.#isFleetStarting) return false;
    return nowNs >= this.#byNs || (discovering === 0 && here >= this.#expectedOnts);
  }
}

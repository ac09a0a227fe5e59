/** How far one ONT's update has come, and what it took. */
import { type Stretch, Stretches } from "../../base/stretches/index.ts";

export class Progress {
  /** Bytes of the image that it holds, as far as known, where it can tell. */
  #held = new Stretches();
  #isPatched = false;
  #bytesDone = 0;
  #furthestBytes = 0;
  #windowLimit = Infinity;
  #windowsRepaired = 0;
  #sectionsLost = 0;
  #departures = 0;
  #isLossy = false;
  #offeredSections = 0;
  #offeredLost = 0;
  #isLate = false;
  #restarts = 0;
  #startedNs = -1;
  #endedNs = -1;

  /** Of the image, in the download under way. */
  get bytesDone(): number {
    return this.#bytesDone;
  }

  /** Sections that a window of this ONT may have, as far as larger ones did not get through. */
  get windowLimit(): number {
    return this.#windowLimit;
  }

  get windowsRepaired(): number {
    return this.#windowsRepaired;
  }

  get sectionsLost(): number {
    return this.#sectionsLost;
  }

  get leftGroup(): boolean {
    return this.#departures > 0;
  }

  /** Groups it left before their end, and was there. */
  get departures(): number {
    return this.#departures;
  }

  /** Share of the groups' windows that it lost at their first send, as far as it told; 0 = nothing known. */
  get lossShare(): number {
    return this.#offeredSections === 0 ? 0 : this.#offeredLost / this.#offeredSections;
  }

  /** Loses far more than others do: it left a group for that. */
  get isLossy(): boolean {
    return this.#isLossy;
  }

  /** Downloads begun again in a row without coming further. */
  get restarts(): number {
    return this.#restarts;
  }

  /** First Start; -1 = not yet. */
  get startedNs(): number {
    return this.#startedNs;
  }

  /** Last good End answer; -1 = not yet. */
  get endedNs(): number {
    return this.#endedNs;
  }

  /** Was there at the beginning, and nothing has gone wrong with it: the rollout waits for it. */
  get isFirstPass(): boolean {
    return !this.leftGroup && !this.#isLate && this.#restarts === 0;
  }

  /** A Start goes out. */
  start(nowNs: number): void {
    this.#isPatched = !this.#held.isEmpty;
    if (this.#startedNs < 0) this.#startedNs = nowNs;
  }

  /** End was answered ok. */
  end(nowNs: number): void {
    this.#endedNs = nowNs;
  }

  get held(): Stretches {
    return this.#held;
  }

  /** It told what it holds, or lost it all. */
  holds(stretches: Iterable<Stretch>): void {
    this.#held = new Stretches(stretches);
    this.#isPatched = false;
  }

  /** Part of the image is from before the last Start: where the whole is refused, that part may be why. */
  get isPatched(): boolean {
    return this.#isPatched;
  }

  reach(bytes: number): void {
    this.#bytesDone = bytes;
  }

  /** Came, or came back, after the download had begun. */
  markLate(): void {
    this.#isLate = true;
  }

  /** @param forLosses that is why */
  leaveGroup(forLosses: boolean): void {
    this.#departures++;
    if (forLosses) this.#isLossy = true;
  }

  /** Of the first send of a group's window it lost so many. */
  noteWindow(lost: number, sections: number): void {
    this.#offeredLost += lost;
    this.#offeredSections += sections;
  }

  loseSections(sections: number): void {
    this.#sectionsLost += sections;
  }

  repairWindow(): void {
    this.#windowsRepaired++;
  }

  limitWindows(sections: number): void {
    this.#windowLimit = sections;
  }

  /**
   * A download of it alone is over. Coming as far as the last time is no progress: else an image refused halfway would be
   * sent for ever.
   *
   * @returns whether it came further than any before
   */
  cameFurther(): boolean {
    const further = this.#bytesDone > this.#furthestBytes;
    this.#furthestBytes = Math.max(this.#furthestBytes, this.#bytesDone);
    return further;
  }

  /** It is begun again. */
  restart(): void {
    this.#restarts++;
  }

  /** What it took so far no longer counts against it. */
  forgiveRestarts(): void {
    this.#restarts = 0;
  }
}

/** Which serial number has which ONU-ID; expected ones first, and those of the silent go to others when there is no other left. */

/** Most ONU-IDs of one port (G-PON). */
export const ONTS_MAX = 128;

interface Place<Ont> {
  serial: string;
  /** Absent: it was assigned, and never used. */
  ont: Ont | undefined;
}

export class OnuIds<Ont> {
  readonly #places: (Place<Ont> | undefined)[] = Array.from({ length: ONTS_MAX }, () => undefined);
  readonly #idBySerial = new Map<string, number>();
  readonly #expected: ReadonlySet<string>;
  readonly #silentSinceNs: (ont: Ont) => number;

  /** @param silentSinceNs Infinity: it is there, and keeps its ONU-ID */
  constructor(expected: ReadonlySet<string>, silentSinceNs: (ont: Ont) => number) {
    this.#expected = expected;
    this.#silentSinceNs = silentSinceNs;
  }

  at(onuId: number): Ont | undefined {
    return this.#places[onuId]?.ont;
  }

  of(serial: string): Ont | undefined {
    return this.at(this.idOf(serial));
  }

  /** -1 where it has none. */
  idOf(serial: string): number {
    return this.#idBySerial.get(serial) ?? -1;
  }

  *all(): Iterable<[onuId: number, ont: Ont]> {
    for (const [onuId, place] of this.#places.entries()) if (place?.ont !== undefined) yield [onuId, place.ont];
  }

  /**
   * The ONU-ID of a serial number, a new one where it has none.
   *
   * @param isAsked that one is being ranged: its ONU-ID is not for others
   * @returns undefined where none is left for it
   */
  take(serial: string, isAsked: (serial: string) => boolean): number | undefined {
    const known = this.idOf(serial);
    if (known >= 0) return known;
    const free = this.#isAnyFreeFor(serial) ? this.#places.indexOf(undefined) : -1;
    const onuId = free >= 0 ? free : this.#longestSilent(isAsked);
    if (onuId < 0) return undefined;
    const before = this.#places[onuId];
    if (before) this.#idBySerial.delete(before.serial);
    this.#places[onuId] = { serial, ont: undefined };
    this.#idBySerial.set(serial, onuId);
    return onuId;
  }

  /** It is there with the ONU-ID that it took. */
  keep(serial: string, ont: Ont): void {
    const place = this.#places[this.idOf(serial)];
    if (place) place.ont = ont;
  }

  /** What was taken and never kept is free again. */
  giveBack(serial: string): void {
    const onuId = this.idOf(serial);
    if (this.#places[onuId]?.ont !== undefined || onuId < 0) return;
    this.#places[onuId] = undefined;
    this.#idBySerial.delete(serial);
  }

  /** Others leave as many as the expected ones still need. */
  #isAnyFreeFor(serial: string): boolean {
    const free = ONTS_MAX - this.#idBySerial.size;
    if (this.#expected.has(serial)) return free > 0;
    let missing = 0;
    for (const expected of this.#expected) if (!this.#idBySerial.has(expected)) missing++;
    return free > missing;
  }

  /** Of those that nobody expects and that are not there. */
  #longestSilent(isAsked: (serial: string) => boolean): number {
    let [found, sinceNs] = [-1, Infinity];
    for (const [onuId, place] of this.#places.entries()) {
      if (!place || this.#expected.has(place.serial) || isAsked(place.serial)) continue;
      const silentNs = place.ont === undefined ? -Infinity : this.#silentSinceNs(place.ont);
      if (silentNs < sinceNs) [found, sinceNs] = [onuId, silentNs];
    }
    return found;
  }
}

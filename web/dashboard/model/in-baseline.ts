/** ONTs that are sent baseline messages though extended ones were asked for, and when that was told last. */

export class InBaseline {
  #onts: readonly number[] = [];
  #changed = 0;

  has(ont: number): boolean {
    return this.#onts.includes(ont);
  }

  /** @returns false: they are those that were known */
  set(onts: readonly number[], version: number): boolean {
    if (onts.length === this.#onts.length && onts.every((ont, at) => ont === this.#onts[at])) return false;
    this.#onts = onts;
    this.#changed = version;
    return true;
  }

  /** All of them, where they changed after a version. */
  since(version: number): { inBaseline?: number[] } {
    return this.#changed > Math.max(0, version) ? { inBaseline: [...this.#onts] } : {};
  }
}

/** A text for each ONT, and when each was changed last. */

export class TextTable {
  readonly texts: string[];
  readonly #changed: Uint32Array;

  constructor(onts: number) {
    this.texts = Array.from({ length: onts }, () => "");
    this.#changed = new Uint32Array(onts);
  }

  /** @returns false: it is what it was, or there is no such ONT */
  set(ont: number, text: string, version: number): boolean {
    if (this.texts[ont] === undefined || this.texts[ont] === text) return false;
    this.texts[ont] = text;
    this.#changed[ont] = version;
    return true;
  }

  /** Those that were changed after a version; -1 = all that ever were. */
  since(version: number): [ont: number, text: string][] {
    const changed: [number, string][] = [];
    for (const [ont, at] of this.#changed.entries())
      if (at > Math.max(0, version)) changed.push([ont, this.texts[ont]]);
    return changed;
  }
}

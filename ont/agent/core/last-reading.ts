/** What the depot answers is alike for long: a document that comes once more is not read once more. */
import type { DdiReading } from "../../../base/ddi/index.ts";

export class LastReading<Value> {
  readonly #read: (source: Uint8Array) => DdiReading<Value>;
  #last: { source: Uint8Array; reading: DdiReading<Value> } | undefined;

  constructor(read: (source: Uint8Array) => DdiReading<Value>) {
    this.#read = read;
  }

  /** @param source is kept, and may not change */
  of(source: Uint8Array): DdiReading<Value> {
    if (this.#last === undefined || Buffer.compare(source, this.#last.source) !== 0)
      this.#last = { source, reading: this.#read(source) };
    return this.#last.reading;
  }
}

/** Which records of a journal are where and when: what it takes to put them in the order of time when all have come. */

const RECORDS_AT_FIRST = 4096;

/** Times and lengths of records in the order of their coming. Grows by itself; 12 bytes a record. */
export class RecordIndex {
  #timesNs = new Float64Array(RECORDS_AT_FIRST);
  #lengths = new Uint32Array(RECORDS_AT_FIRST);
  #count = 0;
  #isOrdered = true;

  add(timeNs: number, lengthBytes: number): void {
    if (this.#count === this.#timesNs.length) this.#grow();
    if (this.#count > 0 && timeNs < this.#timesNs[this.#count - 1]) this.#isOrdered = false;
    this.#timesNs[this.#count] = timeNs;
    this.#lengths[this.#count++] = lengthBytes;
  }

  /** No record came before one of an earlier time. */
  get isOrdered(): boolean {
    return this.#isOrdered;
  }

  /** The records of `bytes`, one behind the other as they came, in the order of time; those of one time stay as they came. */
  ordered(bytes: Uint8Array): Uint8Array {
    const starts = new Float64Array(this.#count);
    for (let at = 1; at < this.#count; at++) starts[at] = starts[at - 1] + this.#lengths[at - 1];
    const order = Uint32Array.from({ length: this.#count }, (_, at) => at);
    const times = this.#timesNs;
    order.sort((one, other) => times[one] - times[other] || one - other);
    const sorted = new Uint8Array(bytes.length);
    let filled = 0;
    for (const at of order) {
      sorted.set(bytes.subarray(starts[at], starts[at] + this.#lengths[at]), filled);
      filled += this.#lengths[at];
    }
    return sorted;
  }

  #grow(): void {
    const [times, lengths] = [this.#timesNs, this.#lengths];
    this.#timesNs = new Float64Array(2 * times.length);
    this.#timesNs.set(times);
    this.#lengths = new Uint32Array(2 * lengths.length);
    this.#lengths.set(lengths);
  }
}

/** All states that a search has met, each once, in typed arrays: rows of numbers, with the row that each was reached from. */

const CHUNK_ROWS = 1 << 18;
const TABLE_ROWS_FIRST = 1 << 20;

export class States {
  readonly #width: number;
  readonly #rows: Int32Array[] = [];
  /** Of each row: the row before it, and the action between. */
  readonly #origins: Int32Array[] = [];
  /** Open addressing: number of a row + 1; 0 = free. */
  #table = new Int32Array(TABLE_ROWS_FIRST);
  #size = 0;

  /** @param width numbers of a row */
  constructor(width: number) {
    this.#width = width;
  }

  get size(): number {
    return this.#size;
  }

  /** Memory of the arrays, bytes. */
  get bytes(): number {
    return this.#table.byteLength + this.#rows.length * CHUNK_ROWS * 4 * (this.#width + 2);
  }

  /** @returns whether the row is a new one; it is copied then */
  add(row: Int32Array, from: number, action: number): boolean {
    if (2 * this.#size >= this.#table.length) this.#grow();
    let place = this.#placeOf(row, 0);
    const mask = this.#table.length - 1;
    for (let known = this.#table[place]; known !== 0; known = this.#table[place]) {
      if (this.#equals(known - 1, row)) return false;
      place = (place + 1) & mask;
    }
    const number = this.#size++;
    this.#table[place] = number + 1;
    const chunk = Math.floor(number / CHUNK_ROWS);
    if (chunk === this.#rows.length) {
      this.#rows.push(new Int32Array(CHUNK_ROWS * this.#width));
      this.#origins.push(new Int32Array(CHUNK_ROWS * 2));
    }
    const at = number % CHUNK_ROWS;
    this.#rows[chunk].set(row, at * this.#width);
    this.#origins[chunk][2 * at] = from;
    this.#origins[chunk][2 * at + 1] = action;
    return true;
  }

  read(number: number, row: Int32Array): void {
    const at = (number % CHUNK_ROWS) * this.#width;
    const chunk = this.#rows[Math.floor(number / CHUNK_ROWS)];
    for (let index = 0; index < this.#width; index++) row[index] = chunk[at + index];
  }

  /** Actions from the first row to this one. */
  pathTo(number: number): number[] {
    const path: number[] = [];
    for (let at = number; at > 0;) {
      const origins = this.#origins[Math.floor(at / CHUNK_ROWS)];
      const place = 2 * (at % CHUNK_ROWS);
      path.push(origins[place + 1]);
      at = origins[place];
    }
    return path.reverse();
  }

  #equals(number: number, row: Int32Array): boolean {
    const at = (number % CHUNK_ROWS) * this.#width;
    const chunk = this.#rows[Math.floor(number / CHUNK_ROWS)];
    for (let index = 0; index < this.#width; index++) if (chunk[at + index] !== row[index]) return false;
    return true;
  }

  #placeOf(numbers: Int32Array, from: number): number {
    let hash = 0x9747b28c;
    for (let index = 0; index < this.#width; index++) {
      hash = Math.imul(hash ^ numbers[from + index], 0x9e3779b1);
      hash = (hash << 15) | (hash >>> 17);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    return (hash ^ (hash >>> 13)) & (this.#table.length - 1);
  }

  #grow(): void {
    this.#table = new Int32Array(2 * this.#table.length);
    const mask = this.#table.length - 1;
    for (let number = 0; number < this.#size; number++) {
      let place = this.#placeOf(this.#rows[Math.floor(number / CHUNK_ROWS)], (number % CHUNK_ROWS) * this.#width);
      while (this.#table[place] !== 0) place = (place + 1) & mask;
      this.#table[place] = number + 1;
    }
  }
}

/** What was dropped, by who and why: the first of a kind is told at once, the rest as a number once in a while. */

/** Of a kind that are told one by one. */
const SAMPLES = 4;
/** Between two looks at what has come together since. */
const TELL_NS = 1e9;
/** Kinds that are kept apart; more are counted for nobody, as "other". */
const KINDS_MAX = 256;
const NOBODY = -1;
const OTHER = "other";

interface Kind {
  onuId: number;
  cause: string;
  told: number;
  /** Since the last look. */
  untold: number;
}

/** Whoever sends what is dropped decides how much of it there is: it must cost no memory and fill no journal. */
export class DropTally {
  readonly #kinds = new Map<string, Kind>();
  readonly #tell: (timeNs: number, onuId: number, cause: string, count: number) => void;
  #nextNs = 0;

  constructor(tell: (timeNs: number, onuId: number, cause: string, count: number) => void) {
    this.#tell = tell;
  }

  count(nowNs: number, onuId: number, cause: string): void {
    const kind = this.#kindOf(onuId, cause);
    if (kind.told >= SAMPLES) kind.untold++;
    else {
      kind.told++;
      this.#tell(nowNs, kind.onuId, kind.cause, 1);
    }
    this.look(nowNs);
  }

  /** Tells what has come together, if it is time. */
  look(nowNs: number): void {
    if (nowNs < this.#nextNs) return;
    this.#nextNs = nowNs + TELL_NS;
    this.tellAll(nowNs);
  }

  tellAll(nowNs: number): void {
    for (const kind of this.#kinds.values()) {
      if (kind.untold === 0) continue;
      this.#tell(nowNs, kind.onuId, kind.cause, kind.untold);
      kind.untold = 0;
    }
  }

  #kindOf(onuId: number, cause: string): Kind {
    const known = this.#kinds.get(`${onuId} ${cause}`);
    if (known) return known;
    const isOther = this.#kinds.size >= KINDS_MAX;
    if (isOther && (onuId !== NOBODY || cause !== OTHER)) return this.#kindOf(NOBODY, OTHER);
    const kind = { onuId, cause, told: 0, untold: 0 };
    this.#kinds.set(`${onuId} ${cause}`, kind);
    return kind;
  }
}

/** Nothing that comes from outside may end a process: what throws over it is counted, told of now and then, and gone on from. */

/** Different failures that are kept apart; more are counted as "other". */
const CAUSES_MAX = 32;
const OTHER = "other";

export interface Caught {
  /** What was being read: a socket, a stream, a server. */
  where: string;
  cause: string;
  /** How often, with this one. */
  count: number;
}

/**
 * One for all callbacks of a process that take what others send: datagrams, requests, indications, messages of children.
 * That something gets as far as here is a defect of ours, and no reason to leave everybody else without service.
 */
export class Guard {
  readonly #counts = new Map<string, number>();
  readonly #tell: (caught: Caught) => void;

  /** @param tell hears of the first of each kind, and then of every power of ten */
  constructor(tell: (caught: Caught) => void) {
    this.#tell = tell;
  }

  /** By place and cause. */
  get caught(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** The same callback, which never throws. */
  wrap<Args extends unknown[]>(where: string, callback: (...args: Args) => void): (...args: Args) => void {
    return (...args) => {
      try {
        callback(...args);
      } catch (error) {
        this.take(where, error);
      }
    };
  }

  /** @returns what `work` does, else `otherwise` */
  run<Result>(where: string, work: () => Result, otherwise: Result): Result {
    try {
      return work();
    } catch (error) {
      this.take(where, error);
      return otherwise;
    }
  }

  /** For what is caught elsewhere. */
  take(where: string, error: unknown): void {
    const cause = causeOf(error);
    const name = `${where}: ${cause}`;
    const key = this.#counts.has(name) || this.#counts.size < CAUSES_MAX ? name : OTHER;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    if (Number.isInteger(Math.log10(count))) this.#tell({ where, cause, count });
  }
}

/** A line; the system's code where there is one. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return "no error";
  const { code }: NodeJS.ErrnoException = error;
  return code ?? (error.message.split("\n", 1)[0] || error.name);
}

/** For processes whose stderr is read by people. */
export const caughtLine = ({ where, cause, count }: Caught): string =>
  `${where}: ${cause}${count > 1 ? ` (${count} times)` : ""}; it is left out and the rest goes on\n`;

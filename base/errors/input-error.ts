/** Bad input from whoever gave it: where, what is wrong, what helps. The command prints it and exits 2; what was asked for has not begun. */

export interface Problem {
  /** File, line, field or option; none where whoever asked knows. */
  place?: string;
  problem: string;
  /** What is allowed, or what to do. */
  remedy?: string;
}

/** Base of all errors that a person can mend; its message is one line, or one for each of several problems. */
export class InputError extends Error {
  override readonly name: string = "InputError";
  readonly place: string | undefined;
  readonly problem: string;
  readonly remedy: string | undefined;

  /** @param what a text alone is a problem that names place and remedy itself */
  constructor(what: string | Problem) {
    const { place, problem, remedy }: Problem = typeof what === "string" ? { problem: what } : what;
    super(`${place === undefined ? "" : `${place}: `}${problem}${remedy === undefined ? "" : `; ${remedy}`}`);
    this.place = place;
    this.problem = problem;
    this.remedy = remedy;
  }
}

/** Says where: what `work` finds wrong with its input is wrong at this place. */
export function placed<Result>(place: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError({ place, problem: error.message });
  }
}

type SystemError = NodeJS.ErrnoException & { code: string; syscall: string };

/** The system has refused something; our own bugs have no code. */
export function isSystemError(error: unknown): error is SystemError {
  if (!(error instanceof Error)) return false;
  const { code, syscall }: NodeJS.ErrnoException = error;
  return code !== undefined && syscall !== undefined;
}

const SYSTEM_WORDS: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is in use",
  EADDRNOTAVAIL: "no interface of this machine has this address",
  ECONNREFUSED: "nobody listens there",
  EMFILE: "this process may not have more files open, raise the limit (`ulimit -n`)",
};

/** The system's message, in words where its code is one that people meet: "the port is in use (EADDRINUSE)". */
export function systemWords(error: Error): string {
  const words = isSystemError(error) ? SYSTEM_WORDS[error.code] : undefined;
  return words === undefined ? error.message : `${words} (${(error as SystemError).code})`;
}

/** The same with the address that the system names, where it does. */
function addressedWords(error: Error): string {
  const { address, port } = error as { address?: string; port?: number };
  const words = systemWords(error);
  return words === error.message || address === undefined ? words : `${[address, port].join(":")}: ${words}`;
}

/**
 * What the system refuses (no such file, a full disk, a port in use) is for whoever named the place; our own bugs pass.
 *
 * @param problemOf says it; `code` is the system's, such as ENOSPC
 */
export function orRefused<Result>(problemOf: (error: SystemError) => Problem, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new InputError(problemOf(error));
  }
}

/** As `placed` and `orRefused` in one, for what takes time: what the input or the system refuses is said with its place. */
export async function placedLater<Result>(
  place: string,
  work: () => Promise<Result>,
  wordsOf: (error: Error) => string = addressedWords,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InputError) && !isSystemError(error)) throw error;
    throw new InputError({ place, problem: wordsOf(error) });
  }
}

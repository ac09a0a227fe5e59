/** What a run cannot do: as asked, or any more. */
import { Schema } from "effect";
import { FaultError, InputError, isSystemError } from "../base/errors/index.ts";

/** The run cannot start as asked, and has not begun (exit 2): no process lives, no ONT was sent anything. */
export class RunInputError extends InputError {
  override readonly name = "RunInputError";
  /** By which effect tells errors apart. */
  readonly _tag = "RunInputError";
}

/** The run has come to its end for a reason outside it, such as a full disk (exit 1): one line, and what was recorded is kept. */
export class RunStoppedError extends FaultError {
  override readonly name = "RunStoppedError";
  /** By which effect tells errors apart. */
  readonly _tag = "RunStoppedError";
}

/** What disks say when they take no more: nobody asked for anything wrong. */
const DISK_FAULTS: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG", "EIO"]);

/** @returns undefined for any other error @param place what could not be written */
export function diskFault(place: string, error: unknown): RunStoppedError | undefined {
  if (!isSystemError(error) || !DISK_FAULTS.has(error.code)) return undefined;
  return new RunStoppedError(`${place}: cannot be written: ${error.message}`);
}

/** A full disk is told with its place; all other errors pass. @throws RunStoppedError */
export function orStopped<Result>(place: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw diskFault(place, error) ?? error;
  }
}

/** A process could not be started or did not report in time. */
export class ProcessError extends Schema.TaggedError<ProcessError>()("ProcessError", {
  process: Schema.String,
  message: Schema.String,
}) {}

/** One line for an error of any kind. */
export function lineOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0];
}

/** What a run cannot do: as asked, or any more. */
import { Schema } from "effect";
import { InputError } from "../base/errors/index.ts";

/** The run cannot start as asked, and has not begun (exit 2): no process lives, no ONT was sent anything. */
export class RunInputError extends InputError {
  override readonly name = "RunInputError";
  /** By which effect tells errors apart. */
  readonly _tag = "RunInputError";
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

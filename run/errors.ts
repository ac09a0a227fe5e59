import { Schema } from "effect";

/** The run cannot start as asked: nothing was touched (exit 2). */
export class RunInputError extends Schema.TaggedError<RunInputError>()("RunInputError", {
  message: Schema.String,
}) {}

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

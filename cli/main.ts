/** Does what `poncast` is told, and makes of errors one line and an exit code. */
import { CommanderError } from "commander";
import { FaultError, InputError, isSystemError } from "../base/errors/index.ts";
import { tell } from "./print.ts";
import { program } from "./program.ts";

/** examples.ts says what all of them mean. */
const EXIT_BAD_INPUT = 2;
const EXIT_FAULT = 1;

/** Does what the words of the command line say, and sets the exit code. */
export async function main(): Promise<void> {
  try {
    const [, , ...words] = process.argv;
    await (await program(words)).parseAsync(words, { from: "user" });
  } catch (error) {
    // Where not even this command's own files can be opened; start.ts has the words for it.
    if (isSystemError(error) && error.code === "EMFILE") throw error;
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : EXIT_BAD_INPUT;
    } else if (error instanceof InputError) {
      tell(`${error.message}\n`);
      process.exitCode = EXIT_BAD_INPUT;
    } else if (error instanceof FaultError || isSystemError(error)) {
      tellFault(error);
    } else {
      throw error;
    }
  }
}

/** What the machine does not do (a full disk, a file that is gone) is neither bad input nor a defect. */
export function tellFault(error: Error): void {
  tell(`${error.message.split("\n", 1)[0]}\n`);
  process.exitCode = EXIT_FAULT;
}

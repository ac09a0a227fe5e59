/** The `poncast` command: all its commands, and how errors become one line and an exit code. */
import { Command, CommanderError } from "commander";
import { conformCommand } from "./commands/conform.ts";
import { controlCommand } from "./commands/control.ts";
import { decodeCommand } from "./commands/decode.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { journalCommand } from "./commands/journal.ts";
import { keygenCommand } from "./commands/keygen.ts";
import { oltCommand } from "./commands/olt.ts";
import { ontCommand } from "./commands/ont.ts";
import { packCommand } from "./commands/pack.ts";
import { reportCommand } from "./commands/report.ts";
import { runCommand } from "./commands/run.ts";
import { sizeCommand } from "./commands/size.ts";
import { sweepCommand } from "./commands/sweep.ts";
import { verifyReportCommand } from "./commands/verify-report.ts";
import { verifyCommand } from "./commands/verify.ts";
import { InputError, isSystemError } from "../base/errors/index.ts";
import { RunStoppedError } from "../run/index.ts";
import { COMMIT, VERSION } from "./version.ts";
import { tell } from "./print.ts";

/** Exit codes: 0 all as expected, 1 an outcome missed or a fault of the machine, 2 bad input, 130 interrupted. */
const EXIT_BAD_INPUT = 2;
const EXIT_FAULT = 1;

const EXAMPLES = `
Examples:
  poncast run                                   the default scenario: 128 ONTs, 8 MiB, 1 % loss
  poncast run --onts 32 --mode unicast          plain G.988, one ONT at a time or several
  poncast run scenarios/bad-firmware.yaml       a scenario of your own or one of the presets
  poncast keygen me                             me.key.pem signs, me.pub.pem is for the ONTs
  poncast pack fw.bin --key me.key.pem --image-version 1.2.3 --product-code PONCAST-ONT --hardware HW-1 --out fw.bundle
  poncast decode 0004530a00070001ff000f4240...  what a frame says`;

function program(): Command {
  const poncast = new Command("poncast")
    .description("Distributes a signed firmware image to GPON ONTs over OMCI (ITU-T G.988), and shows what that costs.")
    .version(`poncast ${VERSION} (${COMMIT})`)
    .addHelpText("after", EXAMPLES)
    .showSuggestionAfterError(true)
    // What stands behind a command is the command's, also where that has commands of its own with options of the same name.
    .enablePositionalOptions()
    .exitOverride();
  const commands = [
    runCommand,
    oltCommand,
    ontCommand,
    controlCommand,
    sweepCommand,
    reportCommand,
    sizeCommand,
    keygenCommand,
    packCommand,
    inspectCommand,
    verifyCommand,
    decodeCommand,
    journalCommand,
    conformCommand,
    verifyReportCommand,
  ];
  for (const register of commands) register(poncast);
  const all = poncast.commands.flatMap((command) => [command, ...command.commands]);
  for (const command of all) command.exitOverride();
  // Commander writes its errors on several lines; the first says it all.
  const output = { writeErr: (text: string) => tell(text.replace(/^error: /, "")) };
  poncast.configureOutput(output);
  for (const command of all) command.configureOutput(output);
  return poncast;
}

/** Does what the words of the command line say, and sets the exit code. */
export async function main(): Promise<void> {
  try {
    await program().parseAsync(process.argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : EXIT_BAD_INPUT;
    } else if (error instanceof InputError) {
      tell(`${error.message}\n`);
      process.exitCode = EXIT_BAD_INPUT;
    } else if (error instanceof RunStoppedError || isSystemError(error)) {
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

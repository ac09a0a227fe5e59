/** The `poncast` command with all its commands: what the words may be; nothing is done with them here. */
import { Command } from "commander";
import { acsCommand } from "./commands/acs.ts";
import { campaignCommand } from "./commands/campaign.ts";
import { configCommand } from "./commands/config.ts";
import { conformCommand } from "./commands/conform.ts";
import { controlCommand } from "./commands/control.ts";
import { decodeCommand } from "./commands/decode.ts";
import { deltaCommand } from "./commands/delta.ts";
import { exportCommand } from "./commands/export.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { journalCommand } from "./commands/journal.ts";
import { keygenCommand } from "./commands/keygen.ts";
import { oltCommand } from "./commands/olt.ts";
import { ontCommand } from "./commands/ont.ts";
import { packCommand } from "./commands/pack.ts";
import { pkiCommand } from "./commands/pki.ts";
import { recoverCommand } from "./commands/recover.ts";
import { reportCommand } from "./commands/report.ts";
import { runCommand } from "./commands/run.ts";
import { scenarioCommand } from "./commands/scenario.ts";
import { serveCommand } from "./commands/serve.ts";
import { sizeCommand } from "./commands/size/size.ts";
import { sweepCommand } from "./commands/sweep.ts";
import { topCommand } from "./commands/top.ts";
import { uiCommand } from "./commands/ui.ts";
import { verifyReportCommand } from "./commands/verify-report.ts";
import { verifyCommand } from "./commands/verify.ts";
import { COMPLETION_COMMAND, completionCommand } from "./completion.ts";
import { helpEnd } from "./examples.ts";
import { tell } from "./print.ts";
import { COMMIT, VERSION } from "./version.ts";

/** Throws what is wrong with the words (CommanderError), where commander would end the process. */
export function program(): Command {
  const poncast = new Command("poncast")
    .description("Distributes a signed firmware image to GPON ONTs over OMCI (ITU-T G.988), and shows what that costs.")
    .version(`poncast ${VERSION} (${COMMIT})`)
    .showSuggestionAfterError(true)
    // What stands behind a command is the command's, also where that has commands of its own with options of the same name.
    .enablePositionalOptions()
    .exitOverride();
  const commands = [
    runCommand,
    oltCommand,
    ontCommand,
    controlCommand,
    uiCommand,
    topCommand,
    sweepCommand,
    reportCommand,
    exportCommand,
    scenarioCommand,
    campaignCommand,
    sizeCommand,
    serveCommand,
    acsCommand,
    recoverCommand,
    keygenCommand,
    packCommand,
    inspectCommand,
    verifyCommand,
    pkiCommand,
    deltaCommand,
    configCommand,
    decodeCommand,
    journalCommand,
    conformCommand,
    verifyReportCommand,
  ];
  for (const register of commands) register(poncast);
  completionCommand(poncast);
  const all = allCommands(poncast);
  for (const { command, words } of all) command.exitOverride().addHelpText("after", helpEnd(words));
  // Commander writes its errors on several lines; the first says it all.
  const output = { writeErr: (text: string) => tell(text.replace(/^error: /, "")) };
  for (const { command } of all) command.configureOutput(output);
  return poncast;
}

/** A command, and the words by which it is called; "" is `poncast` alone. */
export interface NamedCommand {
  command: Command;
  words: string;
}

/** It and all below it, in the order of its help; without what only a shell calls. */
export function allCommands(command: Command, words = ""): NamedCommand[] {
  const below = command.commands.filter((child) => child.name() !== COMPLETION_COMMAND.hidden);
  return [{ command, words }, ...below.flatMap((child) => allCommands(child, `${words} ${child.name()}`.trimStart()))];
}

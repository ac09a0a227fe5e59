/** The `poncast` command with all its commands: what the words may be; nothing is done with them here. */
import { Command } from "commander";
import { helpEnd } from "./examples.ts";
import { tell } from "./print.ts";
import { COMMIT, VERSION } from "./version.ts";

/** Adds a command to those of `poncast`. */
type Register = (program: Command) => void;

/** In the order of the help. Each reads its own code when it is called: who asks for a version does not wait for the cores of OLT and ONT. */
const COMMANDS: Readonly<Record<string, () => Promise<Register>>> = {
  run: async () => (await import("./commands/run.ts")).runCommand,
  olt: async () => (await import("./commands/olt.ts")).oltCommand,
  ont: async () => (await import("./commands/ont.ts")).ontCommand,
  control: async () => (await import("./commands/control.ts")).controlCommand,
  ui: async () => (await import("./commands/ui.ts")).uiCommand,
  top: async () => (await import("./commands/top.ts")).topCommand,
  sweep: async () => (await import("./commands/sweep.ts")).sweepCommand,
  report: async () => (await import("./commands/report.ts")).reportCommand,
  export: async () => (await import("./commands/export.ts")).exportCommand,
  plot: async () => (await import("./commands/plot.ts")).plotCommand,
  trace: async () => (await import("./commands/trace.ts")).traceCommand,
  scenario: async () => (await import("./commands/scenario.ts")).scenarioCommand,
  campaign: async () => (await import("./commands/campaign.ts")).campaignCommand,
  size: async () => (await import("./commands/size/size.ts")).sizeCommand,
  serve: async () => (await import("./commands/serve.ts")).serveCommand,
  acs: async () => (await import("./commands/acs.ts")).acsCommand,
  recover: async () => (await import("./commands/recover.ts")).recoverCommand,
  keygen: async () => (await import("./commands/keygen.ts")).keygenCommand,
  pack: async () => (await import("./commands/pack.ts")).packCommand,
  inspect: async () => (await import("./commands/inspect.ts")).inspectCommand,
  verify: async () => (await import("./commands/verify.ts")).verifyCommand,
  pki: async () => (await import("./commands/pki.ts")).pkiCommand,
  delta: async () => (await import("./commands/delta.ts")).deltaCommand,
  config: async () => (await import("./commands/config.ts")).configCommand,
  decode: async () => (await import("./commands/decode.ts")).decodeCommand,
  journal: async () => (await import("./commands/journal.ts")).journalCommand,
  conform: async () => (await import("./commands/conform.ts")).conformCommand,
  "verify-report": async () => (await import("./commands/verify-report.ts")).verifyReportCommand,
};

/** `completion` prints a script for a shell, which then calls `complete` at each press of its key. */
const COMPLETION = { shown: "completion", hidden: "complete" };

const ALL: readonly string[] = Object.keys(COMMANDS);

/** What is answered here, without any command. */
const ALONE: ReadonlySet<string> = new Set(["--version", "-V"]);

/** @returns those that the words can need: one, where they begin with its name; none, for the version; else all, as for the help */
function commandsFor(words: readonly string[]): readonly string[] {
  const [first] = words;
  if (first !== undefined && ALONE.has(first)) return [];
  return first !== undefined && Object.hasOwn(COMMANDS, first) ? [first] : ALL;
}

/** Throws what is wrong with the words (CommanderError), where commander would end the process. @param words of the command line */
export async function program(words: readonly string[] = []): Promise<Command> {
  const poncast = new Command("poncast")
    .description("Distributes a signed firmware image to GPON ONTs over OMCI (ITU-T G.988), and shows what that costs.")
    .version(`poncast ${VERSION} (${COMMIT})`)
    .showSuggestionAfterError(true)
    // What stands behind a command is the command's, also where that has commands of its own with options of the same name.
    .enablePositionalOptions()
    .exitOverride();
  const names = commandsFor(words);
  const commands = await Promise.all(names.map((name) => COMMANDS[name]!()));
  for (const register of commands) register(poncast);
  if (names === ALL) {
    const { completionCommand } = await import("./completion.ts");
    completionCommand(poncast, COMPLETION);
  }
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
  const below = command.commands.filter((child) => child.name() !== COMPLETION.hidden);
  return [{ command, words }, ...below.flatMap((child) => allCommands(child, `${words} ${child.name()}`.trimStart()))];
}

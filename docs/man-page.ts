/** docs/poncast.1: the manual page, made from the commands as they are (man(7)). */
import type { Argument, Option } from "commander";
import { EXAMPLES, EXIT_CODES } from "../cli/examples.ts";
import { type NamedCommand, allCommands, program } from "../cli/program.ts";

/** Text as it is: no backslash, no full stop or apostrophe at the beginning of a line is troff's; hyphens can be copied. */
const plain = (text: string): string =>
  text
    .replaceAll("\\", String.raw`\e`)
    .replaceAll("-", String.raw`\-`)
    .replaceAll(/^(['.])/gm, String.raw`\&$1`);
const bold = (text: string): string => String.raw`\fB${plain(text)}\fR`;
const tagged = (tag: string, text: string): string[] => [".TP", tag, plain(text)];

/** A default that is a list, an object or nothing says little: those stand in the description. */
function described({ description, defaultValue }: Option | Argument): string {
  const isSaid = typeof defaultValue === "string" && defaultValue !== "";
  return isSaid ? `${description} (default: ${defaultValue})` : description;
}

function commandLines({ command, words }: NamedCommand): string[] {
  const help = command.createHelp();
  const options = help.visibleOptions(command).filter((option) => option.long !== "--help");
  return [
    `.SS ${plain(`poncast ${words} ${command.usage()}`)}`,
    plain(command.description()),
    ...command.registeredArguments.flatMap((argument) =>
      tagged(`\\fI${plain(argument.name())}\\fR`, described(argument)),
    ),
    ...options.flatMap((option) => tagged(bold(option.flags), described(option))),
    ...exampleLines(words),
  ];
}

function exampleLines(words: string): string[] {
  const examples = EXAMPLES[words] ?? [];
  return examples.length === 0
    ? []
    : [".PP", "Examples:", ...examples.flatMap(([call, shows]) => tagged(bold(call), shows))];
}

export async function manPage(): Promise<string> {
  const [poncast, ...commands] = allCommands(await program()) as [NamedCommand, ...NamedCommand[]];
  return `${[
    String.raw`.\" Made from the commands by npm run docs; not written by hand.`,
    ".TH PONCAST 1",
    ".SH NAME",
    plain("poncast - GPON OMCI software-image distribution simulator"),
    ".SH SYNOPSIS",
    `${bold("poncast")} ${plain("<command> [options]")}`,
    ".SH DESCRIPTION",
    plain(poncast.command.description()),
    ...exampleLines(""),
    ".SH OPTIONS",
    ...poncast.command
      .createHelp()
      .visibleOptions(poncast.command)
      .flatMap(({ flags, description }) => tagged(bold(flags), description)),
    ".SH COMMANDS",
    ...commands
      .filter(({ command }) => command.commands.length === 0 || command.registeredArguments.length > 0)
      .flatMap(commandLines),
    ".SH EXIT STATUS",
    ...EXIT_CODES.flatMap(([code, says]) => tagged(bold(code.toString()), says)),
    ".SH ENVIRONMENT",
    ...tagged(bold("PONCAST_CONTROL_TOKEN"), "token for poncast control, where its run is named by an address"),
    ...tagged(bold("PONCAST_NODE_OPTIONS"), "options of Node for the processes of a run, such as --cpu-prof"),
    ...tagged(
      bold("PONCAST_UDP"),
      "how an ONT's process receives: dgram, one datagram at a time, or mmsg, many by one call of Linux (with the optional package koffi); without it mmsg where datagrams are small, on interfaces other than the loopback, if it can be had",
    ),
    ...tagged(
      bold("PONCAST_DATAGRAM_BYTES"),
      "largest datagram downstream, 256 to 60000: else 60000 on the loopback, and 1472 elsewhere; a frame that is larger goes alone",
    ),
    ...tagged(bold("SOURCE_DATE_EPOCH"), "build time of bundles that poncast pack makes: seconds since 1970"),
    ...tagged(bold("NO_COLOR"), "no colours in the live view"),
    ".SH FILES",
    ...tagged("<out>/result.json", "what a run did; beside it scenario.yaml, journal.binpb and report.html"),
  ].join("\n")}\n`;
}

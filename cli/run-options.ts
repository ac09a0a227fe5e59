/** Options that set fields of a scenario, the same for all commands that take one; and scenarios by name. */
import { type Command, Option } from "commander";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { readQuantity } from "../base/quantities/index.ts";
import { loadScenario, type Override, type Purpose, type Scenario, suggestion } from "../scenarios/index.ts";
import { UsageError } from "./errors.ts";
import { parseDuration, parseNumber, parseRate, parseShare, parseSize } from "./units.ts";

/** Who takes these options. */
export type Taker = "run" | "size" | "olt" | "ont";

/** Options that set a scenario field, by the field they set. */
interface FieldOption {
  flags: string;
  help: string;
  /** Who has no use for it, and why: refused there, as it would change nothing. */
  noUse?: Partial<Record<Taker, string>>;
  /** Where the value goes; several for a shorthand. */
  overrides: (value: string, option: string) => Override[];
}

const field =
  (path: string, read: (option: string, value: string) => unknown) =>
  (value: string, option: string): Override[] => [{ path, value: read(option, value), option }];
const asText = (_option: string, value: string): string => value;
/** A rate, or a percentage of the line, which the scenario knows. */
const parseBudget = (option: string, value: string): unknown =>
  readQuantity(value, "share") === undefined ? parseRate(option, value) : value;

type Impairments = readonly { kind?: unknown }[];
/** What is no list is left to the schema. */
const impairments =
  (change: (before: Impairments) => Impairments) =>
  (option: string): Override[] => [
    {
      path: "impairments",
      value: (before: unknown) => (Array.isArray(before ?? []) ? change((before ?? []) as Impairments) : before),
      option,
    },
  ];

/** One independent loss each way instead of those that are there; bursts and whatever else there is stay. */
function withLoss(before: Impairments, chance: number): Impairments {
  const at = before.findIndex(({ kind }) => kind === "loss");
  const others = before.filter(({ kind }) => kind !== "loss");
  if (chance === 0) return others;
  return others.toSpliced(at < 0 ? others.length : at, 0, { kind: "loss", chance, direction: "both" } as {
    kind: string;
  });
}

const MS_PER_SECOND = 1000;
function constantLatency(option: string, value: string): Impairments {
  const meanMs = (parseDuration(option, value) * MS_PER_SECOND) / 2;
  return [{ kind: "latency", distribution: "constant", meanMs, jitterMs: 0, direction: "both" } as { kind: string }];
}

const OLT_SAYS = "the OLT says it; give it to `poncast olt`";
const ONT_SAYS = "the ONTs have it; give it to `poncast ont`";
const NO_PROCESSES = "the model has no processes and no sockets";
const IS_A_FILE = "an OLT alone sends the file that --image names";

export const fieldOptions: readonly FieldOption[] = [
  { flags: "--onts <n>", help: "ONTs on each PON port, 1 to 128", overrides: field("onts", parseNumber) },
  {
    flags: "--pons <n>",
    help: "PON ports, 1 to 64, each with an OLT of its own",
    noUse: { olt: "an OLT alone has one port", ont: "ONTs alone are on one port" },
    overrides: field("pons", parseNumber),
  },
  {
    flags: "--onts-per-process <n>",
    help: "ONTs in one process",
    noUse: { size: NO_PROCESSES, olt: ONT_SAYS, ont: "this is one process; start more of them" },
    overrides: field("ontsPerProcess", parseNumber),
  },
  {
    flags: "--image <file>",
    help: "bundle to distribute (with --key), instead of a generated one",
    noUse: { ont: OLT_SAYS },
    overrides: field("image.file", asText),
  },
  {
    flags: "--key <file>",
    help: "public key that the ONTs trust, PEM",
    noUse: { olt: ONT_SAYS },
    overrides: field("image.keyFile", asText),
  },
  {
    flags: "--image-size <size>",
    help: "size of the generated image, such as 8MiB",
    noUse: { olt: IS_A_FILE, ont: OLT_SAYS },
    overrides: field("image.bytes", parseSize),
  },
  {
    flags: "--payload <kind>",
    help: "made, or none: with --virtual, an image without bytes, whose digests are names; all else of the run is the same",
    noUse: {
      size: "the model looks at lengths alone",
      olt: IS_A_FILE,
      ont: OLT_SAYS,
    },
    overrides: field("image.payload", asText),
  },
  {
    flags: "--road <road>",
    help: "by which road the image comes: omci, from the OLT; https, from a depot that update agents ask; cwmp, from where an ACS of TR-069 sends each ONT; file, as update.zip in a folder of each ONT",
    noUse: {
      size: "see the rows of --compare",
      olt: "an OLT alone is omci",
      ont: "ONTs alone are for an OLT; see `poncast serve` and `poncast acs`",
    },
    overrides: field("road", asText),
  },
  {
    flags: "--mode <mode>",
    help: "multicast (extension) or unicast (plain G.988)",
    noUse: { ont: OLT_SAYS },
    overrides: field("olt.mode", asText),
  },
  {
    flags: "--recovery <how>",
    help: "window, selective, parity or unicast",
    noUse: { ont: OLT_SAYS },
    overrides: field("olt.recovery", asText),
  },
  {
    flags: "--message-set <set>",
    help: "baseline or extended",
    noUse: { ont: OLT_SAYS },
    overrides: field("olt.messageSet", asText),
  },
  {
    flags: "--window <n>",
    help: "sections a window, 1 to 256",
    noUse: { ont: OLT_SAYS },
    overrides: field("olt.windowSections", parseNumber),
  },
  {
    flags: "--loss <chance>",
    help: "chance that a frame is lost, each way, 0 to 1 or such as 0.1%; bursts and other impairments of the scenario stay",
    noUse: { olt: ONT_SAYS },
    overrides: (value, option) => {
      const chance = parseShare(option, value);
      return impairments((before) => withLoss(before, chance))(option);
    },
  },
  {
    flags: "--rtt <time>",
    help: "round trip beyond that of the fibre and of the scenario, such as 20ms",
    noUse: { olt: ONT_SAYS },
    overrides: (value, option) => {
      const latency = constantLatency(option, value);
      return impairments((before) => [...before, ...latency])(option);
    },
  },
  {
    flags: "--feed <rate>",
    help: "headend feed that all ports share, such as 1Gbit/s",
    noUse: { olt: "an OLT alone has its own line", ont: OLT_SAYS },
    overrides: field("pon.headendBitsPerSecond", (option, value) => parseRate(option, value) * 8),
  },
  { flags: "--seed <n>", help: "seed of everything random", overrides: field("seed", parseNumber) },
  {
    flags: "--rate <rate>",
    help: "downstream OMCC budget of a port, such as 20Mbit/s, 20Mbps, or 2% of its line",
    noUse: { ont: OLT_SAYS },
    overrides: field("olt.rateBytesPerSecond", parseBudget),
  },
  {
    flags: "--canary <n>",
    help: "ONTs activated first",
    noUse: { size: "the model ends with the download", ont: OLT_SAYS },
    overrides: field("olt.canary", parseNumber),
  },
  {
    flags: "--interface <name>",
    help: "interface or address; 127.0.0.1 keeps all frames on this machine",
    noUse: { size: NO_PROCESSES },
    overrides: field("pon.interface", asText),
  },
];

/** Any field, as YAML writes its value; may be said again and again. */
const SET = {
  flags: "--set <path=value>",
  help: "any field of the scenario, such as olt.catchUp.when=never; may stand several times; see `poncast scenario explain`",
} as const;
const SETTING = /^([A-Za-z]\w*(?:\.[A-Za-z\d]\w*)*)=(.*)$/s;

function settingOf(said: string): Override {
  const [, path, value] = SETTING.exec(said) ?? [];
  if (path === undefined) throw new UsageError(`--set: ${said} is not allowed; field=value, such as onts=32`);
  const option = `--set ${path}`;
  try {
    return { path, value: parse(value) as unknown, option };
  } catch (error) {
    throw new UsageError(`${option}: ${(error as Error).message.split("\n", 1)[0]}`);
  }
}

/** Of those who have ONTs of ours. */
export const ALLOW_DOWNGRADE = {
  flags: "--allow-downgrade",
  help: "ONTs take images of a lower security version than they have committed to; for laboratories",
} as const;

const longName = (flags: string): string => flags.split(" ")[0];
const camel = (name: string): string =>
  name.slice(2).replaceAll(/-(.)/g, (_match, letter: string) => letter.toUpperCase());

/** For options that may stand several times. */
export const collected = (said: string, before: readonly string[] = []): readonly string[] => [...before, said];

/** @param own options that the command has in a way of its own */
export function addFieldOptions(command: Command, taker: Taker, own: readonly string[] = []): void {
  for (const { flags, help, noUse } of fieldOptions)
    if (!own.includes(longName(flags)))
      command.addOption(new Option(flags, help).hideHelp(noUse?.[taker] !== undefined));
  command.option(SET.flags, SET.help, collected);
}

/** Field values given as options, in the order of the table; then those of --set. @throws UsageError */
export function overridesOf(options: Record<string, unknown>, taker: Taker = "run"): Override[] {
  const overrides = fieldOptions.flatMap(({ flags, overrides: make, noUse }) => {
    const option = longName(flags);
    const value = options[camel(option)];
    if (value === undefined) return [];
    const why = noUse?.[taker];
    if (why !== undefined) throw new UsageError(`${option}: changes nothing here: ${why}`);
    return make(value as string, option);
  });
  if (options.image !== undefined && options.imageSize !== undefined)
    throw new UsageError("--image-size: changes nothing beside --image, whose size is the file's");
  if (options.mode === "unicast" && (options.recovery ?? "unicast") !== "unicast")
    throw new UsageError("--recovery: changes nothing beside --mode unicast, where each ONT gets its windows alone");
  const settings = ((options.set ?? []) as string[]).map(settingOf);
  const ofOlt = settings.find(({ path }) => path === "olt" || path.startsWith("olt."));
  if (taker === "ont" && ofOlt !== undefined)
    throw new UsageError(`${ofOlt.option}: changes nothing here: ${OLT_SAYS}`);
  overrides.push(...settings);
  // Sending to ONTs that are not eligible is a decision of the OLT's.
  if (options.force === true) overrides.push({ path: "olt.force", value: true, option: "--force" });
  if (options.allowDowngrade === true)
    overrides.push({ path: "ont.allowDowngrade", value: true, option: ALLOW_DOWNGRADE.flags });
  return overrides;
}

/** Folder of the presets: beside the bundles' folder. */
export const presetFolder = join(dirname(dirname(fileURLToPath(import.meta.url))), "scenarios");

/** Presets by name, without their ending. */
export function presetNames(): string[] {
  if (!existsSync(presetFolder)) return [];
  const files = readdirSync(presetFolder).filter((file) => file.endsWith(".yaml"));
  return files.map((file) => file.slice(0, -".yaml".length)).sort();
}

/** The file of a preset; undefined for a name that is none. */
export const presetFile = (name: string): string | undefined =>
  presetNames().includes(name) ? join(presetFolder, `${name}.yaml`) : undefined;

/** Path of a scenario file, or of a preset by its name. @throws UsageError when there is neither */
export function scenarioFileOf(name: string): string {
  const file = existsSync(name) ? name : presetFile(name);
  if (file !== undefined) return file;
  const presets = presetNames();
  const near = suggestion(name, presets);
  const help = near ? `did you mean ${near}?` : `presets: ${presets.join(", ")}`;
  throw new UsageError(`${name}: no such file or preset; ${help}`);
}

/** A scenario file, or a preset by its name. @throws UsageError, ScenarioError */
export const resolveScenario = (name: string, overrides: readonly Override[], purpose: Purpose = "run"): Scenario =>
  loadScenario(scenarioFileOf(name), overrides, purpose);

/** Of this its OLT settings count, where only one side is ours. */
export const SIDE_SCENARIO = "lossless-lab";
/** ONTs are elsewhere: one OLT that waits for few is the usual case. */
const SIDE_ONTS_DEFAULT = 1;

/**
 * The scenario of one side alone; a preset's fleet of 128 is not what waits in the other terminal.
 *
 * @param more beside what the options say
 */
export function sideScenario(
  name: string,
  flags: { onts?: string; [option: string]: unknown },
  taker: Taker,
  more: readonly Override[] = [],
): Scenario {
  const overrides = [...overridesOf(flags, taker), ...more];
  if (name === SIDE_SCENARIO && flags.onts === undefined)
    overrides.unshift({ path: "onts", value: SIDE_ONTS_DEFAULT, option: "--onts" });
  return resolveScenario(name, overrides);
}

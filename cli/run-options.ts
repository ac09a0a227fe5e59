/** Options that set fields of a scenario, the same for all commands that take one; and scenarios by name. */
import type { Command } from "commander";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadScenario, type Override, type Scenario, suggestion } from "../scenarios/index.ts";
import { UsageError } from "./errors.ts";
import { parseNumber, parseRate, parseSize } from "./units.ts";

/** Options that set a scenario field, by the field they set. */
interface FieldOption {
  flags: string;
  help: string;
  /** Where the value goes; several for a shorthand. */
  overrides: (value: string, option: string) => Override[];
}

const field =
  (path: string, read: (option: string, value: string) => unknown) =>
  (value: string, option: string): Override[] => [{ path, value: read(option, value), option }];
const asText = (_option: string, value: string): string => value;

export const fieldOptions: readonly FieldOption[] = [
  { flags: "--onts <n>", help: "ONTs on the PON, 1 to 128", overrides: field("onts", parseNumber) },
  { flags: "--onts-per-process <n>", help: "ONTs in one process", overrides: field("ontsPerProcess", parseNumber) },
  {
    flags: "--image <file>",
    help: "bundle to distribute (with --key), instead of a generated one",
    overrides: field("image.file", asText),
  },
  { flags: "--key <file>", help: "public key that the ONTs trust, PEM", overrides: field("image.keyFile", asText) },
  {
    flags: "--image-size <size>",
    help: "size of the generated image, such as 8MiB",
    overrides: field("image.bytes", parseSize),
  },
  {
    flags: "--mode <mode>",
    help: "multicast (extension) or unicast (plain G.988)",
    overrides: field("olt.mode", asText),
  },
  { flags: "--recovery <how>", help: "window, selective, parity or unicast", overrides: field("olt.recovery", asText) },
  { flags: "--message-set <set>", help: "baseline or extended", overrides: field("olt.messageSet", asText) },
  { flags: "--window <n>", help: "sections a window, 1 to 256", overrides: field("olt.windowSections", parseNumber) },
  {
    flags: "--loss <chance>",
    help: "chance that a frame is lost, each way, 0 to 1",
    overrides: (value, option) => {
      const chance = parseNumber(option, value);
      if (chance < 0 || chance > 1) throw new UsageError(`${option}: ${value} is not allowed; 0 to 1`);
      const impairments = chance === 0 ? [] : [{ kind: "loss", chance, direction: "both" }];
      return [{ path: "impairments", value: impairments, option }];
    },
  },
  { flags: "--seed <n>", help: "seed of everything random", overrides: field("seed", parseNumber) },
  {
    flags: "--rate <rate>",
    help: "downstream OMCC budget, such as 20Mbit/s",
    overrides: field("olt.rateBytesPerSecond", parseRate),
  },
  { flags: "--canary <n>", help: "ONTs activated first", overrides: field("olt.canary", parseNumber) },
  {
    flags: "--interface <name>",
    help: "interface or address; 127.0.0.1 keeps all frames on this machine",
    overrides: field("pon.interface", asText),
  },
];

/** Of those who have ONTs of ours. */
export const ALLOW_DOWNGRADE = {
  flags: "--allow-downgrade",
  help: "ONTs take images of a lower security version than they have committed to; for laboratories",
} as const;

const longName = (flags: string): string => flags.split(" ")[0];
const camel = (name: string): string =>
  name.slice(2).replaceAll(/-(.)/g, (_match, letter: string) => letter.toUpperCase());

export function addFieldOptions(command: Command): void {
  for (const { flags, help } of fieldOptions) command.option(flags, help);
}

/** Field values given as options, in the order of the table. @throws UsageError */
export function overridesOf(options: Record<string, unknown>): Override[] {
  const overrides = fieldOptions.flatMap(({ flags, overrides: make }) => {
    const option = longName(flags);
    const value = options[camel(option)];
    return value === undefined ? [] : make(value as string, option);
  });
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
export const resolveScenario = (name: string, overrides: readonly Override[]): Scenario =>
  loadScenario(scenarioFileOf(name), overrides);

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
  more: readonly Override[] = [],
): Scenario {
  const overrides = [...overridesOf(flags), ...more];
  if (name === SIDE_SCENARIO && flags.onts === undefined)
    overrides.unshift({ path: "onts", value: SIDE_ONTS_DEFAULT, option: "--onts" });
  return resolveScenario(name, overrides);
}

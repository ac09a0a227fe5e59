/** Profiles of devices: what a device is called, asked and told, as data files; read and held to their form. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { InputError, orRefused } from "../../base/errors/index.ts";
import type { DeviceProfile, ProfileCommands, ProfileVariables, RecoveryTransport } from "./core/types.ts";

const FILE_BYTES_MAX = 64 * 1024;
const TEXT_MAX = 200;
const BLOCK_BYTES_MAX = 16 * 1024 * 1024;
const BOOT_SECONDS = 120;
const BOOT_SECONDS_MAX = 3_600;
const SLOTS_MAX = 8;

const TRANSPORTS: readonly RecoveryTransport[] = ["fastboot", "tftp", "ymodem"];
const COMMANDS: readonly (keyof ProfileCommands)[] = [
  "begin",
  "write",
  "end",
  "flash",
  "read",
  "activate",
  "reboot",
  "commit",
  "enter",
];
const VARIABLES: readonly (keyof ProfileVariables)[] = [
  "product",
  "hardware",
  "serial",
  "securityVersion",
  "isUp",
  "reason",
  "current",
  "unbootable",
  "successful",
  "version",
  "sha256",
];
const FIELDS: readonly (keyof DeviceProfile)[] = [
  "name",
  "about",
  "speaks",
  "transports",
  "expects",
  "variables",
  "slots",
  "partition",
  "commands",
  "blockBytes",
  "file",
  "readsBack",
  "bootSeconds",
];

/** What commands may be filled with. */
const PLACES = /\{(?!(?:partition|slot|offset|length|size|identity|sha256)\})/;

type Fields = Record<string, unknown>;

/** One field after the other; the first that is wrong is told with its place. */
class Reader {
  readonly #place: string;

  constructor(place: string) {
    this.#place = place;
  }

  fail(field: string, problem: string): never {
    throw new InputError({ place: field === "" ? this.#place : `${this.#place}: ${field}`, problem });
  }

  fields(field: string, value: unknown, allowed: readonly string[] | undefined): Fields {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      this.fail(field, "has to be fields, such as `name: my-device`");
    const fields = value as Fields;
    const other = Object.keys(fields).find((name) => allowed?.includes(name) === false);
    if (other !== undefined)
      this.fail(field === "" ? other : `${field}.${other}`, `no such field; ${allowed?.join(", ")}`);
    return fields;
  }

  text(field: string, value: unknown): string {
    if (typeof value !== "string" || value === "" || value.length > TEXT_MAX || /[^ -~]/.test(value))
      this.fail(field, `has to be a text of at most ${TEXT_MAX} printable characters`);
    return value as string;
  }

  number(field: string, value: unknown, max: number): number {
    if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > max)
      this.fail(field, `has to be a whole number, 1 to ${max}`);
    return value as number;
  }

  oneOf<Word extends string>(field: string, value: unknown, words: readonly Word[]): Word {
    if (!words.includes(value as Word)) this.fail(field, `has to be ${words.join(" or ")}`);
    return value as Word;
  }

  list<Item>(field: string, value: unknown, item: (field: string, value: unknown) => Item): Item[] {
    if (!Array.isArray(value) || value.length > SLOTS_MAX) this.fail(field, `has to be a list of at most ${SLOTS_MAX}`);
    return (value as unknown[]).map((each, at) => item(`${field}[${at}]`, each));
  }

  /** Texts by name. */
  texts(field: string, value: unknown, allowed: readonly string[] | undefined): Record<string, string> {
    const fields = this.fields(field, value ?? {}, allowed);
    return Object.fromEntries(
      Object.entries(fields).map(([name, text]) => [name, this.text(`${field}.${name}`, text)]),
    );
  }
}

/** @param place what error lines call it @throws InputError in one line */
export function readProfile(place: string, content: string): DeviceProfile {
  const reader = new Reader(place);
  let input: unknown;
  try {
    input = parse(content, { prettyErrors: false, logLevel: "error" });
  } catch (error) {
    reader.fail("", `no YAML: ${(error as Error).message.split("\n", 1)[0]}`);
  }
  const fields = reader.fields("", input, FIELDS);
  const profile = profileOf(reader, fields);
  for (const [name, command] of Object.entries(profile.commands))
    if (PLACES.test(command))
      reader.fail(
        `commands.${name}`,
        "has a place that is none; {partition}, {slot}, {offset}, {length}, {size}, {identity}, {sha256}",
      );
  judge(reader, profile);
  return profile;
}

function profileOf(reader: Reader, fields: Fields): DeviceProfile {
  const { blockBytes, bootSeconds, readsBack } = fields;
  const blocks = reader.fields("blockBytes", blockBytes ?? {}, TRANSPORTS);
  if (readsBack !== undefined && typeof readsBack !== "boolean") reader.fail("readsBack", "has to be true or false");
  return {
    name: reader.text("name", fields["name"]),
    about: reader.text("about", fields["about"] ?? fields["name"]),
    speaks: reader.oneOf("speaks", fields["speaks"], ["commands", "files"]),
    transports: reader.list("transports", fields["transports"], (field, value) =>
      reader.oneOf(field, value, TRANSPORTS),
    ),
    expects: reader.texts("expects", fields["expects"], undefined),
    variables: reader.texts("variables", fields["variables"], VARIABLES),
    slots: reader.list("slots", fields["slots"] ?? [], (field, value) => reader.text(field, value)),
    partition: reader.text("partition", fields["partition"] ?? "image_{slot}"),
    commands: reader.texts("commands", fields["commands"], COMMANDS),
    blockBytes: Object.fromEntries(
      Object.entries(blocks).map(([name, value]) => [
        name,
        reader.number(`blockBytes.${name}`, value, BLOCK_BYTES_MAX),
      ]),
    ),
    file: reader.text("file", fields["file"] ?? "firmware.bin"),
    readsBack: readsBack === true,
    bootSeconds: reader.number("bootSeconds", bootSeconds ?? BOOT_SECONDS, BOOT_SECONDS_MAX),
  };
}

/** What the parts of a profile ask of each other. */
function judge(reader: Reader, { speaks, transports, commands, readsBack, expects, variables }: DeviceProfile): void {
  if (transports.length === 0) reader.fail("transports", `has to name one of ${TRANSPORTS.join(", ")}`);
  if (speaks === "files") {
    if (transports.includes("fastboot"))
      reader.fail("transports", "fastboot sends no files: speaks has to be commands");
    const asked = [...Object.keys(commands), ...Object.keys(variables), ...Object.keys(expects)];
    if (asked.length > 0)
      reader.fail("speaks", "files are neither told nor asked anything: no commands, variables, expects");
    return;
  }
  const isInBlocks = commands.begin !== undefined && commands.write !== undefined && commands.end !== undefined;
  if (commands.flash === undefined && !isInBlocks) reader.fail("commands", "needs flash, or begin, write and end");
  if (readsBack && commands.read === undefined) reader.fail("commands.read", "is missing, and readsBack is true");
}

/** The folder of the profiles that come along: beside this file, or where a bundle finds it. */
export function profileFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const own = join(here, "profiles");
  return existsSync(own) ? own : join(dirname(here), "headend", "recover", "profiles");
}

export const profileNames = (): string[] =>
  readdirSync(profileFolder())
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => name.slice(0, -".yaml".length))
    .sort();

/** @param name of one that comes along, or a file @throws InputError in one line */
export function findProfile(name: string): DeviceProfile {
  const isOwn = profileNames().includes(name);
  const path = isOwn ? join(profileFolder(), `${name}.yaml`) : name;
  const content = orRefused(
    ({ code }) => ({
      place: name,
      problem: code === "ENOENT" ? "no such profile" : `cannot be read (${code})`,
      remedy: `${profileNames().join(", ")}, or a file`,
    }),
    () => {
      if (statSync(path).size > FILE_BYTES_MAX) throw new InputError(`${name}: longer than ${FILE_BYTES_MAX} bytes`);
      return readFileSync(path, "utf8");
    },
  );
  return readProfile(name, content);
}

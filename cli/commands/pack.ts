/** `poncast pack`: from options and a payload file to a signed bundle. */
import { InvalidArgumentError, type Command } from "commander";
import { readFileSync } from "node:fs";
import { placed } from "../../base/errors/index.ts";
import { plural } from "../../base/text/index.ts";
import { packBundle, packVariants, type VariantFields } from "../../image/index.ts";
import { readMigration } from "../../image/migration/index.ts";
import { UsageError } from "../errors.ts";
import { requireFile, requireNew } from "../files.ts";
import { interruptible } from "../interrupt.ts";
import { readPem } from "./image-input.ts";
import { addZipOptions, checkZip, writeZip, type ZipFlags } from "./pack-zip.ts";
import { print } from "../print.ts";

interface PackFlags extends ZipFlags {
  out: string;
  key: string;
  imageVersion: string;
  productCode: string;
  hardware?: string[];
  variant?: string[];
  migration?: string;
  minimumVersion: string;
  buildTime?: number;
  securityVersion: number;
  expires?: number;
  force?: boolean;
  json?: boolean;
}

const MS_PER_SECOND = 1000;

export function packCommand(program: Command): void {
  const command = program
    .command("pack")
    .description("pack and sign a firmware payload as a bundle")
    .argument("[payload]", "firmware file; several, by hardware, with --variant")
    .requiredOption("-o, --out <file>", "bundle to write")
    .requiredOption("-k, --key <file>", "private key (PEM), as made by keygen")
    .requiredOption("--image-version <text>", "version, 1 to 14 printable ASCII characters")
    .requiredOption("--product-code <text>", "product code of the ONTs it is for, at most 25 characters")
    .option("--hardware <version...>", "hardware versions it runs on")
    .option(
      "--variant <variant>",
      "a payload for some hardware, repeated: HW-1,HW-2=file[,arch=arm][,layout=ubi]",
      (text: string, before: string[] | undefined) => [...(before ?? []), text],
    )
    .option("--migration <file>", "how configurations of earlier versions become this one's (JSON, docs/migration.md)")
    .option("--minimum-version <text>", "oldest running version it may replace", "")
    .option("--build-time <time>", "ISO 8601 or seconds since 1970 (default: SOURCE_DATE_EPOCH, else now)", parseTime)
    .option(
      "--security-version <n>",
      "an ONT that has committed to a higher one refuses the image; raise it with each fix that must not be taken back",
      parseCount,
      0,
    )
    .option("--expires <time>", "from then on an OLT sends it no more; ISO 8601 or seconds since 1970", parseTime)
    .option("--force", "replace the bundle if it is there")
    .option("--json", "print what was packed as JSON");
  addZipOptions(command).action((payloadFile: string | undefined, flags: PackFlags) => pack(payloadFile, flags));
}

async function pack(payloadFile: string | undefined, flags: PackFlags): Promise<void> {
  const { imageVersion: version, productCode, minimumVersion, securityVersion, expires = 0, force } = flags;
  const buildTime = flags.buildTime ?? defaultBuildTime();
  const migration = flags.migration === undefined ? "" : migrationText(flags.migration);
  const fields = { version, productCode, minimumVersion, buildTime, securityVersion, expires, migration };
  const content = contentOf(payloadFile, flags);
  requireNew(flags.out, force);
  checkZip(flags, force);
  const common = { outFile: flags.out, privateKeyPem: readPem(flags.key), force };
  const packed = await interruptible((signal) =>
    "payloads" in content
      ? packVariants({ ...common, ...content, fields, signal })
      : packBundle({
          ...common,
          payloadFile: content.payloadFile,
          fields: { ...fields, hardware: content.hardware },
          signal,
        }),
  );
  if (packed === undefined) return;
  const zipped = await writeZip(flags, flags.out, common.privateKeyPem, force);
  const { manifest, bundleBytes, sha256 } = packed;
  const payloads = manifest.variants.length === 0 ? "" : `, ${plural(manifest.variants.length, "payload")}`;
  const text = `${flags.out}: version ${manifest.version}${payloads}, ${bundleBytes} bytes, SHA-256 ${sha256}`;
  print(`${flags.json === true ? JSON.stringify({ file: flags.out, ...packed }) : text}\n`);
  if (zipped !== undefined && flags.json !== true) print(zipped);
}

type Content = { payloadFile: string; hardware: string[] } | { payloads: (VariantFields & { payloadFile: string })[] };

/** @throws UsageError where one payload and several are asked for, or neither */
function contentOf(payloadFile: string | undefined, { hardware, variant }: PackFlags): Content {
  if (variant === undefined) {
    if (payloadFile === undefined) throw new UsageError("name a payload, or several with --variant");
    if (hardware === undefined) throw new UsageError("--hardware is missing: hardware versions the payload runs on");
    return { payloadFile, hardware };
  }
  if (payloadFile !== undefined)
    throw new UsageError(`${payloadFile}: a payload beside --variant, which names its own`);
  if (hardware !== undefined) throw new UsageError("--hardware: each --variant names its own");
  return { payloads: variant.map(parseVariant) };
}

const LABELS = { arch: "architecture", layout: "flashLayout" } as const;

/** HW-1,HW-2=file[,arch=arm][,layout=ubi] @throws UsageError */
function parseVariant(text: string): VariantFields & { payloadFile: string } {
  const allowed = "HW-1,HW-2=file[,arch=arm][,layout=ubi]";
  const match = /^([^=]+)=([^,]+)((?:,[^,]*)*)$/.exec(text);
  if (match === null) throw new UsageError(`--variant: ${text} is not allowed; ${allowed}`);
  const [, hardware, payloadFile, labels] = match;
  const found: VariantFields & { payloadFile: string } = { hardware: hardware.split(","), payloadFile };
  for (const label of labels.split(",").slice(1)) {
    const [name, value = ""] = label.split("=", 2);
    if ((name !== "arch" && name !== "layout") || value === "")
      throw new UsageError(`--variant: ${label} is not allowed; ${allowed}`);
    found[LABELS[name]] = value;
  }
  return found;
}

/** Without what only people need, as the manifest has little room. @throws InputError when it is no migration */
function migrationText(file: string): string {
  requireFile(file);
  return placed(file, () => JSON.stringify(readMigration(readFileSync(file))));
}

/** The same sources give the same bundle where the build system sets SOURCE_DATE_EPOCH. */
function defaultBuildTime(): number {
  const { SOURCE_DATE_EPOCH } = process.env;
  if (SOURCE_DATE_EPOCH !== undefined && /^\d+$/.test(SOURCE_DATE_EPOCH)) return Number(SOURCE_DATE_EPOCH);
  return Math.floor(Date.now() / MS_PER_SECOND);
}

function parseCount(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("A whole number is needed.");
  return Number(text);
}

function parseTime(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  const timeMs = Date.parse(text);
  if (Number.isNaN(timeMs)) throw new InvalidArgumentError("Neither ISO 8601 nor seconds since 1970.");
  return Math.floor(timeMs / MS_PER_SECOND);
}

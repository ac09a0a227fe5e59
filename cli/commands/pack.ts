/** `poncast pack`: from options and a payload file to a signed bundle. */
import { InvalidArgumentError, type Command } from "commander";
import { packBundle } from "../../image/index.ts";
import { readPem } from "./image-input.ts";
import { print } from "../print.ts";

interface PackFlags {
  out: string;
  key: string;
  imageVersion: string;
  productCode: string;
  hardware: string[];
  minimumVersion: string;
  buildTime?: number;
  securityVersion: number;
  expires?: number;
  force?: boolean;
  json?: boolean;
}

const MS_PER_SECOND = 1000;

export function packCommand(program: Command): void {
  program
    .command("pack")
    .description("pack and sign a firmware payload as a bundle")
    .argument("<payload>", "firmware file")
    .requiredOption("-o, --out <file>", "bundle to write")
    .requiredOption("-k, --key <file>", "private key (PEM), as made by keygen")
    .requiredOption("--image-version <text>", "version, 1 to 14 printable ASCII characters")
    .requiredOption("--product-code <text>", "product code of the ONTs it is for, at most 25 characters")
    .requiredOption("--hardware <version...>", "hardware versions it runs on")
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
    .option("--json", "print what was packed as JSON")
    .action((payloadFile: string, flags: PackFlags) => pack(payloadFile, flags));
}

async function pack(payloadFile: string, flags: PackFlags): Promise<void> {
  const { imageVersion: version, productCode, hardware, minimumVersion } = flags;
  const buildTime = flags.buildTime ?? defaultBuildTime();
  const { securityVersion, expires = 0 } = flags;
  const packed = await packBundle({
    fields: { version, productCode, hardware, minimumVersion, buildTime, securityVersion, expires },
    payloadFile,
    outFile: flags.out,
    privateKeyPem: readPem(flags.key),
    force: flags.force,
  });
  const { manifest, bundleBytes, sha256 } = packed;
  const text = `${flags.out}: version ${manifest.version}, ${bundleBytes} bytes, SHA-256 ${sha256}`;
  print(`${flags.json === true ? JSON.stringify({ file: flags.out, ...packed }) : text}\n`);
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

/** `poncast inspect`: shows what a bundle says of itself, whether it is to be trusted or not. */
import type { Command } from "commander";
import { alignedText } from "../../base/text/index.ts";
import {
  type DeltaFacts,
  inspectBundle,
  type Manifest,
  type SliceInspection,
  type Variant,
} from "../../image/index.ts";
import { readMigration } from "../../image/migration/index.ts";
import { print } from "../print.ts";

const MS_PER_SECOND = 1000;

export function inspectCommand(program: Command): void {
  program
    .command("inspect")
    .description("show what a bundle says of itself; `verify` checks whether it is true")
    .argument("<bundle>", "bundle file")
    .option("--json", "print it as JSON")
    .action((file: string, flags: { json?: boolean }) => inspect(file, flags.json === true));
}

function inspect(file: string, json: boolean): void {
  const inspection = inspectBundle(file);
  if (json) {
    print(`${JSON.stringify({ file, ...inspection })}\n`);
    return;
  }
  const { manifest, bundleBytes, headerBytes, manifestSignature, slices } = inspection;
  const lines = [
    ...manifestLines(manifest),
    ["bundle", `${bundleBytes} bytes, the payload from byte ${headerBytes}`],
    ...slices.flatMap((slice) => sliceLines(slice, slices.length > 1)),
    [
      "signatures",
      `${[`${short(manifestSignature)} (manifest)`, ...slices.map(({ sealSignature }) => `${short(sealSignature)} (seal)`)].join(", ")}, not checked`,
    ],
  ];
  print(`${alignedText(lines)}\n`);
}

const short = (hex: string): string => `${hex.slice(0, 16)}…`;

function sliceLines(
  { hardware, payloadBytes, payloadAt, sliceBytes, sealedSha256 }: SliceInspection,
  isOneOfSeveral: boolean,
): [string, string][] {
  if (!isOneOfSeveral) return [["sealed SHA-256", sealedSha256]];
  const size = `${payloadBytes} bytes from byte ${payloadAt}, ${sliceBytes} as a bundle of its own`;
  return [
    [`for ${hardware.join(", ")}`, size],
    ["  sealed SHA-256", sealedSha256],
  ];
}

function manifestLines(manifest: Manifest): [string, string][] {
  return [
    ["version", manifest.version],
    ["product code", manifest.productCode],
    ["hardware", manifest.hardware.join(", ")],
    ["replaces", manifest.minimumVersion === "" ? "any version" : `${manifest.minimumVersion} or later`],
    ["security version", String(manifest.securityVersion)],
    ["expires", manifest.expires === 0 ? "never" : new Date(manifest.expires * MS_PER_SECOND).toISOString()],
    ["built", new Date(manifest.buildTime * MS_PER_SECOND).toISOString()],
    ...payloadLines(manifest),
    ...(manifest.delta === undefined ? [] : deltaLines(manifest.delta)),
    ...(manifest.migration === "" ? [] : [migrationLine(manifest.migration)]),
  ];
}

const payloadLines = ({ payloadBytes, variants }: Manifest): [string, string][] =>
  variants.length === 0 ? [["payload", `${payloadBytes} bytes`]] : variants.map(variantLine);

function variantLine({ hardware, architecture, flashLayout, payloadBytes }: Variant): [string, string] {
  const labels = [architecture, flashLayout].filter((label) => label !== "").map((label) => `, ${label}`);
  return ["variant", `${hardware.join(", ")}${labels.join("")}: ${payloadBytes} bytes`];
}

const deltaLines = (delta: DeltaFacts): [string, string][] => [
  ["delta", delta.algorithm],
  ["from", `${delta.baseVersion}, ${delta.baseBytes} bytes, SHA-256 ${delta.baseSha256}`],
  ["to", `${delta.targetBytes} bytes, SHA-256 ${delta.targetSha256}`],
];

function migrationLine(text: string): [string, string] {
  const { schemaVersion, steps } = readMigration(text);
  const from = steps.map((step) => step.from).join(", ");
  return ["migration", `to schema version ${schemaVersion}${from === "" ? "" : `, from ${from}`}; see config plan`];
}

/** `poncast inspect`: shows what a bundle says of itself, whether it is to be trusted or not. */
import type { Command } from "commander";
import { alignedText } from "../../base/text/index.ts";
import { inspectBundle, type Manifest } from "../../image/index.ts";
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
  const { manifest, bundleBytes, headerBytes, sealedSha256, manifestSignature, sealSignature } = inspection;
  const lines = [
    ...manifestLines(manifest),
    ["bundle", `${bundleBytes} bytes, the payload from byte ${headerBytes}`],
    ["sealed SHA-256", sealedSha256],
    ["signatures", `${manifestSignature.slice(0, 16)}… (manifest), ${sealSignature.slice(0, 16)}… (seal), not checked`],
  ];
  print(`${alignedText(lines)}\n`);
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
    ["payload", `${manifest.payloadBytes} bytes`],
  ];
}

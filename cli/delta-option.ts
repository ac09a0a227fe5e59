/** `--delta`: bases from which ONTs are sent a delta, by version or by their bundles. */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { HEADER_BYTES_MAX, headerOf, ImageError, type Manifest } from "../image/index.ts";
import type { Override } from "../scenarios/index.ts";
import { UsageError } from "./errors.ts";
import { requireFile } from "./files.ts";

export const DELTA = {
  flags: "--delta <base>",
  help: "send a delta to ONTs that run this: a bundle, or a version such as PONCAST-1.0.0, of which an image is made; may stand several times",
} as const;

/** As the field `version` of an ONT has it. */
const VERSION = /^[!-~]{1,14}$/;

interface Base {
  version: string;
  field: { base: string } | { file: string };
}

/** Without a fleet of the scenario's own, as many ONTs run each of the bases. */
export function deltaOverrides(said: readonly string[]): Override[] {
  if (said.length === 0) return [];
  const option = "--delta";
  const bases = said.map(baseOf);
  const twice = bases.find(({ version }, at) => bases.findIndex((other) => other.version === version) < at);
  if (twice !== undefined) throw new UsageError(`${option}: ${twice.version}: is named twice`);
  const fleet = bases.map(({ version }, at) => ({
    version,
    // The last one takes what is left by rounding.
    ...(at < bases.length - 1 && { share: 1 / bases.length }),
  }));
  const isOwn = (before: unknown): boolean =>
    Array.isArray(before) && before.some((group: object) => Object.keys(group).length > 0);
  return [
    { path: "image.deltas", value: bases.map(({ field }) => field), option },
    { path: "fleet", value: (before: unknown) => (isOwn(before) ? before : fleet), option },
  ];
}

/** @throws UsageError where one of them is no delta */
export function requireDeltas(files: readonly string[]): void {
  for (const file of files) {
    requireFile(file);
    const { delta, version } = manifestOf(file);
    if (delta === undefined)
      throw new UsageError(`--delta: ${file}: is the image ${version}, no delta; \`poncast delta make\` makes one`);
  }
}

function baseOf(said: string): Base {
  const found = statSync(said, { throwIfNoEntry: false });
  if (found === undefined) {
    if (/[/\\]|\.bundle$/.test(said)) throw new UsageError(`--delta: ${said}: no such file`);
    if (!VERSION.test(said))
      throw new UsageError(
        `--delta: ${JSON.stringify(said)}: is no file, and no version, which has 1 to 14 printable ASCII characters without spaces`,
      );
    return { version: said, field: { base: said } };
  }
  if (found.isDirectory()) throw new UsageError(`--delta: ${said}: is a folder; name a bundle or a version`);
  const { version, delta } = manifestOf(said);
  if (delta !== undefined)
    throw new UsageError(
      `--delta: ${said}: is a delta from ${delta.baseVersion}; name the bundle that ONTs run (in a scenario image.deltas[].delta names the delta)`,
    );
  return { version, field: { file: said } };
}

function manifestOf(file: string): Manifest {
  try {
    return headerOf(firstBytes(file)).manifest;
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    throw new UsageError(`--delta: ${file}: no bundle: ${error.message}`);
  }
}

function firstBytes(file: string): Uint8Array {
  const bytes = Buffer.alloc(HEADER_BYTES_MAX);
  const descriptor = openSync(file, "r");
  try {
    return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** `poncast delta`: deltas between two bundles, made, applied and shown. */
import { InvalidArgumentError, type Command } from "commander";
import { existsSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { alignedText } from "../../base/text/index.ts";
import { orRefused } from "../../base/errors/index.ts";
import { type DeltaFacts, inspectBundle, makeDeltaBundle, type Manifest } from "../../image/index.ts";
import { type DeltaFilter, type DeltaThreads, DELTA_IMAGE_BYTES_MAX, readDeltaHead } from "../../image/delta/index.ts";
import { ProgressLine } from "../../base/terminal/index.ts";
import { UsageError } from "../errors.ts";
import { requireFile, requireNew, requireWritable, writeOutput } from "../files.ts";
import { interruptible, uninterrupted } from "../interrupt.ts";
import { print, tell } from "../print.ts";
import { applyFiles } from "./delta-apply.ts";
import { imageCrc32, readPem, readPublicKeys } from "./image-input.ts";

const FILTERS = ["auto", "none", "arm", "armThumb", "arm64", "mips", "mipsLe", "x86", "x64"] as const;
type Filter = (typeof FILTERS)[number] & (DeltaFilter | "auto");
/** From here on a delta saves little, and the whole image serves all bases at once. */
const LARGE_SHARE = 0.5;
const EXIT_REFUSED = 1;

interface OutFlags {
  out: string;
  key: string[];
  force?: boolean;
  json?: boolean;
}

interface MakeFlags extends Omit<OutFlags, "key"> {
  key: string;
  hardware?: string;
  filter: Filter;
}

export function deltaCommand(program: Command): void {
  const delta = program
    .command("delta")
    .description("deltas: a new image made from the one that runs")
    .enablePositionalOptions();
  delta
    .command("make")
    .description("make the delta between two bundles, signed as a bundle")
    .argument("<old>", "bundle that runs")
    .argument("<new>", "bundle that it is to become")
    .requiredOption("-o, --out <file>", "delta bundle to write")
    .requiredOption("-k, --key <file>", "private key (PEM), as made by keygen")
    .option("--hardware <version>", "of bundles with several payloads: which of them")
    .option("--filter <instructions>", `branches that are aimed anew: ${FILTERS.join(", ")}`, parseFilter, "auto")
    .option("--force", "replace the file if it is there")
    .option("--json", "print what was made as JSON")
    .action((oldFile: string, newFile: string, flags: MakeFlags) => make(oldFile, newFile, flags));
  delta
    .command("apply")
    .description("rebuild the new bundle as an ONT does; exits 1 with the reason when it is refused")
    .argument("<running>", "bundle that runs")
    .argument("<delta>", "delta bundle")
    .requiredOption("-o, --out <file>", "new bundle to write")
    .requiredOption("-k, --key <file...>", "trusted public keys (PEM); one of them has to have signed")
    .option("--force", "replace the file if it is there")
    .option("--json", "print what was rebuilt as JSON")
    .action((running: string, file: string, flags: OutFlags) => apply(running, file, flags));
  delta
    .command("inspect")
    .description("show what a delta is from, what it makes, and whether it pays; nothing is checked")
    .argument("<delta>", "delta bundle")
    .option("--json", "print it as JSON")
    .action((file: string, flags: { json?: boolean }) => inspect(file, flags.json === true));
}

function parseFilter(text: string): Filter {
  const found = FILTERS.find((filter) => filter === text);
  if (found === undefined) throw new InvalidArgumentError(`Allowed: ${FILTERS.join(", ")}.`);
  return found;
}

/** @throws UsageError when there is no such file, or it is longer than images of deltas may be */
function requireBundle(file: string): void {
  requireFile(file);
  const { size } = statSync(file);
  if (size > 2 * DELTA_IMAGE_BYTES_MAX) throw new UsageError(`${file}: ${size} bytes are too many for a delta`);
}

function readBundle(file: string): Uint8Array {
  requireBundle(file);
  return orRefused(
    ({ code }) => ({ place: file, problem: `cannot be read (${code})` }),
    () => readFileSync(file),
  );
}

function requireOut({ out, force }: { out: string; force?: boolean }): void {
  requireNew(out, force);
  requireWritable("--out", out);
}

/** How far it is; nothing where it is over soon. */
function progressOf(what: string): { show: (done: number, total: number) => void; clear: () => void } {
  const line = new ProgressLine();
  return {
    show: (done, total) => line.show(() => `${what}: ${Math.floor((100 * done) / total)} %`),
    clear: () => line.clear(),
  };
}

/** Beside the command's bundle is that of the threads that match. */
function threadsHere(): { threads?: DeltaThreads } {
  const file = fileURLToPath(new URL("delta-worker.js", import.meta.url));
  return existsSync(file) ? { threads: { file } } : {};
}

async function make(oldFile: string, newFile: string, flags: MakeFlags): Promise<void> {
  requireOut(flags);
  const privateKeyPem = readPem(flags.key);
  const progress = progressOf("delta");
  const { hardware, filter, out } = flags;
  const made = await makeDeltaBundle(readBundle(oldFile), readBundle(newFile), {
    privateKeyPem,
    crc32: imageCrc32,
    ...(hardware !== undefined && { hardware }),
    filter,
    ...threadsHere(),
    onProgress: progress.show,
  }).finally(progress.clear);
  uninterrupted(() => writeOutput(out, made.bytes, { sync: true }));
  const { bytes, delta, sha256 } = made;
  const advice = adviceOn(bytes.length, delta, made.target);
  if (flags.json === true) {
    print(`${JSON.stringify({ file: out, bundleBytes: bytes.length, sha256, filter: made.filter, delta, advice })}\n`);
    return;
  }
  print(`${out}: ${bytes.length} bytes, ${shareText(bytes.length, delta)}, filter ${made.filter}, SHA-256 ${sha256}\n`);
  if (advice !== "") tell(`${advice}\n`);
}

async function apply(running: string, file: string, flags: OutFlags): Promise<void> {
  requireOut(flags);
  const trustedKeys = readPublicKeys(flags.key);
  for (const name of [running, file]) requireBundle(name);
  const { out } = flags;
  const progress = progressOf("rebuilt");
  const files = { running, delta: file, out, trustedKeys, crc32: imageCrc32, onProgress: progress.show };
  const applied = await interruptible((signal) => applyFiles({ ...files, signal })).finally(progress.clear);
  if (applied === undefined) return;
  if (!applied.ok) {
    process.exitCode = EXIT_REFUSED;
    const refusal = { valid: false, cause: applied.cause, detail: applied.detail };
    print(
      flags.json === true
        ? `${JSON.stringify({ file, ...refusal })}\n`
        : `${file}: not applied: ${applied.cause}: ${applied.detail}\n`,
    );
    return;
  }
  const { manifest, delta } = applied;
  const text = `${out}: version ${manifest.version}, ${delta.targetBytes} bytes, SHA-256 ${delta.targetSha256}`;
  print(`${flags.json === true ? JSON.stringify({ file: out, valid: true, delta, manifest }) : text}\n`);
}

function inspect(file: string, json: boolean): void {
  const { manifest, bundleBytes, headerBytes } = inspectBundle(file);
  const { delta } = manifest;
  if (delta === undefined) throw new UsageError(`${file}: is no delta; \`poncast inspect\` shows what it is`);
  const bytes = readBundle(file);
  const { filter, blockBytes, blocks } = readDeltaHead(
    bytes.subarray(headerBytes, headerBytes + manifest.payloadBytes),
  );
  const advice = adviceOn(bundleBytes, delta);
  if (json) {
    print(`${JSON.stringify({ file, bundleBytes, filter, blockBytes, blocks, delta, manifest, advice })}\n`);
    return;
  }
  print(`${alignedText(linesOf(manifest, delta, bundleBytes, filter, `${blocks} of ${blockBytes} bytes`))}\n`);
  if (advice !== "") tell(`${advice}\n`);
}

const linesOf = (
  { version, hardware }: Manifest,
  delta: DeltaFacts,
  bundleBytes: number,
  filter: string,
  blocks: string,
): [string, string][] => [
  ["base", `${delta.baseVersion}, ${delta.baseBytes} bytes, SHA-256 ${delta.baseSha256}`],
  ["target", `${version}, ${delta.targetBytes} bytes, SHA-256 ${delta.targetSha256}`],
  ["hardware", hardware.join(", ")],
  ["delta", `${bundleBytes} bytes, ${shareText(bundleBytes, delta)}`],
  ["algorithm", `${delta.algorithm}, filter ${filter}, blocks: ${blocks}`],
];

const shareText = (bytes: number, { targetBytes }: DeltaFacts): string =>
  `${((100 * bytes) / targetBytes).toFixed(1)} % of the target`;

/** @param target whole, where it is at hand. @returns empty where a delta pays */
function adviceOn(bytes: number, { targetBytes }: DeltaFacts, target?: Uint8Array): string {
  if (bytes < LARGE_SHARE * targetBytes) return "";
  const hasSquashfs =
    target !== undefined && Buffer.from(target.buffer, target.byteOffset, target.length).includes("hsqs");
  const why = hasSquashfs
    ? "the image has a squashfs, which is compressed inside: a small change changes all that follows in its block"
    : "the images have little in common, or are compressed inside (squashfs, xz), so that a small change changes all that follows";
  return `the delta saves little: ${why}. What helps: -comp none or smaller blocks (mksquashfs -b 64K), files in the same order, no time stamps; else the whole image`;
}

/** What the options of `poncast conform ont` mean: target, image, trailers, timing. */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { inspectBundle, startsLikeBundle } from "../../image/index.ts";
import { crc32 } from "../../base/kernel/index.ts";
import type { MessageSet, TrailerPair } from "../../omci/index.ts";
import type { QuirkProfile } from "../../ont/index.ts";
import type { ConformImage, Target } from "../../conform/core/index.ts";
import {
  selfImages,
  selfTarget,
  targetOf,
  crc32Trailers,
  micTrailers,
  noTrailers,
} from "../../conform/targets/index.ts";
import { quirkProfileOf } from "../../run/fleet/index.ts";
import { UsageError } from "../errors.ts";
import { parseDuration, parseNumber } from "../units.ts";

export interface ConformFlags {
  target?: string;
  self?: boolean;
  quirk?: string;
  image?: string;
  key?: string;
  messageSet: string;
  only: string[];
  skip: string[];
  list?: boolean;
  timeoutScale: string;
  sectionGap: string;
  trailer?: string;
  powerCycleCommand?: string;
  restartSilence?: string;
  restartCommand?: string;
  json?: string;
  junit?: string;
  tap?: string;
  pcap?: string;
  sign?: string;
}

/** Below this, windows of 64 sections and of eight sections of the largest size are not filled. */
export const IMAGE_BYTES_MIN = 16_384;
export const IMAGE_BYTES_MAX = 0xffff_ffff;
const NS_PER_MS = 1e6;

/** What is tested, and with which image. @throws UsageError */
export function optionsOf(
  targetName: string | undefined,
  flags: ConformFlags,
): { target: Target; image: ConformImage | undefined; messageSet: MessageSet } {
  const messageSet = flags.messageSet === "extended" ? "extended" : "baseline";
  if (flags.self === true) {
    if (targetName !== undefined) throw new UsageError(`${targetName}: either a target or --self`);
    return { ...selfOf(flags), messageSet };
  }
  if (targetName === undefined) throw new UsageError("a target is needed, such as udp://192.0.2.1:5000, or --self");
  for (const option of ["quirk", "key"] as const)
    if (flags[option] !== undefined) throw new UsageError(`--${option} goes with --self only`);
  const options = {
    timeScale: within("--timeout-scale", flags.timeoutScale, 0.001, 1000),
    sectionGapNs: Math.round(within("--section-gap", flags.sectionGap, 0, 10_000) * NS_PER_MS),
    ...(flags.trailer === undefined ? {} : { trailers: trailersOf(flags.trailer) }),
    ...(flags.powerCycleCommand === undefined ? {} : { powerCycleCommand: flags.powerCycleCommand }),
  };
  const { restartSilence } = flags;
  const silence =
    restartSilence === undefined ? {} : { restartSilenceMs: parseDuration("--restart-silence", restartSilence) * 1000 };
  const target = targetOf(targetName, { ...options, ...silence });
  return { target, image: flags.image === undefined ? undefined : readImage(flags.image), messageSet };
}

/** @throws RunInputError */
export const quirkOf = (name: string): QuirkProfile => quirkProfileOf(name, "--quirk");

function selfOf({ quirk: name = "reference", image: file, key }: ConformFlags): {
  target: Target;
  image: ConformImage;
} {
  const quirk = quirkOf(name);
  if (key !== undefined && file === undefined) throw new UsageError("--key goes with --image");
  const self = selfImages(file === undefined ? undefined : { file, ...(key === undefined ? {} : { keyFile: key }) });
  if (file !== undefined) checkSize(file, self.image.bytes.length);
  return { target: selfTarget(quirk, self), image: self.image };
}

/** @throws UsageError */
function readImage(file: string): ConformImage {
  let bytes: Uint8Array;
  try {
    const { size } = statSync(file);
    checkSize(file, size);
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`--image: ${file}: ${code === "ENOENT" ? "no such file" : "cannot be read"}`);
  }
  const md5 = createHash("md5").update(bytes).digest("hex");
  return { bytes, crc32: crc32(bytes), md5, ...versionOf(file, bytes) };
}

function checkSize(file: string, bytes: number): void {
  if (bytes >= IMAGE_BYTES_MIN && bytes <= IMAGE_BYTES_MAX) return;
  throw new UsageError(`${file}: ${bytes} bytes; ${IMAGE_BYTES_MIN} to ${IMAGE_BYTES_MAX} can be tested with`);
}

function versionOf(file: string, bytes: Uint8Array): { version?: string } {
  if (!startsLikeBundle(bytes)) return {};
  return { version: inspectBundle(file).manifest.version };
}

function trailersOf(text: string): TrailerPair {
  if (text === "none") return noTrailers;
  if (text === "crc32") return crc32Trailers;
  const key = /^mic:([0-9a-f]{32})$/i.exec(text)?.[1];
  if (key === undefined)
    throw new UsageError(`--trailer: ${text} is not allowed; none, crc32, or mic:<32 hexadecimal digits>`);
  return micTrailers(Uint8Array.from(Buffer.from(key, "hex")));
}

function within(option: string, text: string, least: number, most: number): number {
  const value = parseNumber(option, text);
  if (value >= least && value <= most) return value;
  throw new UsageError(`${option}: ${text} is not allowed; ${least} to ${most}`);
}

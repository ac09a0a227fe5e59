/** `poncast recover`: brings a device back that is in its boot loader, by fastboot, TFTP or YMODEM, and shows that it boots. */
import { appendFileSync } from "node:fs";
import type { Command } from "commander";
import { orRefused } from "../../base/errors/index.ts";
import { readRecoveryAddress, RECOVERY_ADDRESSES, type RecoveryAddress } from "../../base/recovery/index.ts";
import { ProgressLine } from "../../base/terminal/index.ts";
import { hexOf } from "../../base/text/index.ts";
import type { DeviceProfile, RecoverOutcome, RecoverPlan, RecoveryImage } from "../../headend/recover/index.ts";
import { type ImageSource, openImageSources } from "../../image/index.ts";
import { imageIdentity } from "../../omci/index.ts";
import { UsageError } from "../errors.ts";
import { requireWritable } from "../files.ts";
import { EXIT_INTERRUPTED, interruptible } from "../interrupt.ts";
import { print, tell } from "../print.ts";
import { parseDuration } from "../units.ts";
import { COMMIT, VERSION } from "../version.ts";
import { imageCrc32, readPublicKeys } from "./image-input.ts";

interface RecoverFlags {
  image?: string;
  key?: string;
  profile?: string;
  slot?: string;
  log?: string;
  wait: string;
  dryRun?: boolean;
  enter?: boolean;
  listProfiles?: boolean;
}

/** Other commands do not need it. */
const headend = () => import("../../headend/recover/index.ts");
const EXIT_INPUT = 2;
/** Where a profile is not named. */
const DEFAULT_PROFILE = "poncast-ont";

export function recoverCommand(program: Command): void {
  program
    .command("recover")
    .description(
      "bring a device back that is in its boot loader: by fastboot over TCP, TFTP, or YMODEM on a serial line",
    )
    .argument("[address]", RECOVERY_ADDRESSES)
    .option("--image <file>", "the bundle that is sent")
    .option("--key <file>", "refuse a bundle that this public key has not signed, before anything is sent")
    .option("--profile <name or file>", "what the device is called, asked and told", DEFAULT_PROFILE)
    .option(
      "--slot <name>",
      "slot to fill; by default the one that boots next, where nothing in it boots, else the other one",
    )
    .option("--log <file>", "everything that was asked and answered, for whoever helps")
    .option("--wait <time>", "how long a device that does not answer is waited for", "10s")
    .option("--enter", "restart a device that runs an image into its boot loader")
    .option("--dry-run", "detect, identify and check, and change nothing")
    .option("--list-profiles", "the profiles that come along")
    .action((address: string | undefined, flags: RecoverFlags) => recoverDevice(address, flags));
}

async function recoverDevice(text: string | undefined, flags: RecoverFlags): Promise<void> {
  const { findProfile, profileNames, runRecovery } = await headend();
  if (flags.listProfiles === true) {
    for (const name of profileNames()) print(`${name.padEnd(16)} ${findProfile(name).about}\n`);
    return;
  }
  const address = addressOf(text);
  const profile = findProfile(flags.profile ?? DEFAULT_PROFILE);
  if (!profile.transports.includes(address.kind))
    throw new UsageError(
      `${text}: profile ${profile.name} speaks ${profile.transports.join(", ")}; name another with --profile`,
    );
  if (flags.image === undefined) throw new UsageError("--image: the bundle that is sent is missing");
  const sources = sourcesOf(flags.image, flags.key);
  const plan = planOf(profile, address, sources, flags);
  const note = logTo(flags.log, `${text}, ${profile.name}, ${flags.image}`);
  const line = new ProgressLine();
  const outcome = await interruptible((signal) =>
    runRecovery({
      plan,
      address,
      signal,
      note,
      read: (sha256, offsetBytes, lengthBytes) =>
        sources.find((source) => source.sha256 === sha256)?.read(offsetBytes, lengthBytes) ?? new Uint8Array(0),
      onProgress: ({ step, text: what, doneBytes }) => {
        if (doneBytes !== undefined) return line.show(() => `${step}: ${what}`);
        line.clear();
        print(`${step}: ${what}\n`);
      },
    }),
  );
  line.clear();
  if (outcome === undefined || (!outcome.ok && outcome.cause === "interrupted")) {
    process.exitCode = EXIT_INTERRUPTED;
    tell("interrupted; the same command goes on\n");
    return;
  }
  end(outcome, note);
}

function end(outcome: RecoverOutcome, note: (line: string) => void): void {
  if (outcome.ok) {
    note(`recovered: ${outcome.text}`);
    print(`${outcome.text}\n`);
    return;
  }
  const { step, cause, isInput } = outcome;
  note(`not recovered: ${step}: ${cause}`);
  tell(`${step}: ${cause}\n`);
  process.exitCode = isInput ? EXIT_INPUT : 1;
}

function addressOf(text: string | undefined): RecoveryAddress {
  if (text === undefined) throw new UsageError(`where is the device? ${RECOVERY_ADDRESSES}`);
  const address = readRecoveryAddress(text);
  if (address === undefined) throw new UsageError(`${text}: no address; ${RECOVERY_ADDRESSES}`);
  return address;
}

/** A bundle with several payloads is as many images. @throws InputError when it is no whole bundle */
function sourcesOf(file: string, key: string | undefined): ImageSource[] {
  const trusted = key === undefined ? {} : { trustedKeys: readPublicKeys([key]) };
  const sources = openImageSources(file, { crc32: imageCrc32, ...trusted });
  if (sources.some(({ delta }) => delta !== undefined))
    throw new UsageError(`--image: ${file}: is a delta; a device that runs nothing needs the bundle itself`);
  return sources;
}

function planOf(
  profile: DeviceProfile,
  { kind }: RecoveryAddress,
  sources: readonly ImageSource[],
  { slot, dryRun, enter, wait }: RecoverFlags,
): RecoverPlan {
  return {
    profile,
    transport: kind,
    images: sources.map(imageOf),
    ...(slot !== undefined && { slot }),
    dryRun: dryRun === true,
    enters: enter === true,
    detectSeconds: parseDuration("--wait", wait),
  };
}

const imageOf = (source: ImageSource): RecoveryImage => ({
  imageBytes: source.imageBytes,
  sha256: source.sha256,
  identity: hexOf(imageIdentity(source.crc32, source.imageBytes, source.sha256)),
  version: source.version,
  productCode: source.productCode,
  hardware: source.hardware,
});

/** Behind what is there already: a recovery that went on has one log. @param about what was called */
function logTo(file: string | undefined, about: string): (line: string) => void {
  if (file === undefined) return () => undefined;
  requireWritable("--log", file);
  const write = (text: string): void =>
    orRefused(
      ({ code }) => ({ place: `--log: ${file}`, problem: `cannot be written (${code})` }),
      () => appendFileSync(file, text),
    );
  write(`# poncast ${VERSION} (${COMMIT}) recover ${about}\n`);
  return (line) => write(`${new Date().toISOString()} ${line}\n`);
}

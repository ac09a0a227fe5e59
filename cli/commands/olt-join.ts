/** `poncast olt --join`: a host that brings a port to a run which another host owns. */
import { LOOPBACK } from "../../pon/index.ts";
import { clearCaptureFile } from "../../pon/capture/index.ts";
import { buildOf, joinRun } from "../../run/processes/index.ts";
import { UsageError } from "../errors.ts";
import { requireFile, requireWritable } from "../files.ts";
import { EXIT_INTERRUPTED, interruptible } from "../interrupt.ts";
import { keyOf } from "../pon-key.ts";
import { print, tell } from "../print.ts";
import { parseAddress } from "../units.ts";
import { COMMIT, VERSION } from "../version.ts";

const EXIT_MISSED = 1;

export interface OltJoinFlags {
  join: string;
  onts?: string | false;
  image?: string;
  interface?: string;
  ponKey?: string;
  metrics?: string;
  pcap?: string;
  quiet?: boolean;
  [option: string]: unknown;
}

/** What this host says for itself; all else is the owner's to say. */
const OWN = new Set(["join", "onts", "image", "interface", "ponKey", "metrics", "pcap", "quiet"]);

/** @param given names of options that were given, as commander has them @param isNamed somebody named a scenario */
export async function runJoinedOlt(flags: OltJoinFlags, given: readonly string[], isNamed: boolean): Promise<void> {
  const { onts, image, ponKey, pcap } = flags;
  for (const name of given)
    if (!OWN.has(name) || (name === "onts" && onts !== false)) {
      const option = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      throw new UsageError(`${option}: changes nothing with --join: the owner of the run says it`);
    }
  if (isNamed) throw new UsageError("--join: the scenario is the owner's; leave its name out");
  const { host: address, port } = parseAddress("--join", flags.join);
  if (ponKey === undefined) throw new UsageError("--join: needs the key that the owner has: --pon-key");
  const key = keyOf(ponKey);
  if (image !== undefined) requireFile(image);
  if (pcap !== undefined) {
    requireWritable("--pcap", pcap);
    clearCaptureFile(pcap);
  }
  const metrics = flags.metrics === undefined ? undefined : parseAddress("--metrics", flags.metrics);
  const onLine = (line: string): void => {
    if (flags.quiet !== true) tell(`${line}\n`);
  };
  await interruptible(async (signal) => {
    const joined = await joinRun({
      owner: { address, port, key },
      interface: flags.interface ?? LOOPBACK,
      build: buildOf({ poncast: { version: VERSION, commit: COMMIT } }),
      image,
      ontsElsewhere: onts === false,
      metrics,
      pcap,
      signal,
      onLine,
    });
    const { pon, text } = joined;
    print(`port ${pon}: ${text === "" ? "done, the owner has its part of the result" : text}\n`);
    if (signal.aborted) process.exitCode = EXIT_INTERRUPTED;
    else if (text !== "") process.exitCode = EXIT_MISSED;
  });
}

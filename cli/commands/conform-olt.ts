/** `poncast conform olt`: options, waiting and printing. What an OLT is held to is in conform/olt. */
import type { Command } from "commander";
import { placedLater } from "../../base/errors/index.ts";
import { OLT_RULES, type ServedOnt, serveOnt } from "../../conform/olt/index.ts";
import { selfImages } from "../../conform/targets/index.ts";
import { captureFolderOf, tellFault } from "./conform-captures.ts";
import { quirkOf } from "./conform-options.ts";
import { type BenchRoad, ROAD_FORMS, roadOf } from "../../pon/bench/index.ts";
import { UsageError } from "../errors.ts";
import { parseAddress, parseCount, parseDuration } from "../units.ts";
import { painter, type Style } from "../../base/terminal/index.ts";
import { lookOf } from "../view/index.ts";
import { orInterrupted } from "../waiting.ts";
import { print, tell } from "../print.ts";

const EXIT_FAILED = 1;
/** How often it is looked whether the OLT has gone quiet. */
const LOOK_MS = 100;
const styles: Readonly<Record<string, Style>> = { pass: "green", fail: "red", notSeen: "grey" };

interface ConformOltFlags {
  listen: string;
  road?: string;
  onts: string;
  quirk: string;
  image?: string;
  key?: string;
  for: string;
  quiet: string;
  pcap?: string;
  json?: boolean;
}

export function conformOltCommand(conform: Command): void {
  conform
    .command("olt")
    .description(
      "our ONTs wait for an OLT, on UDP (one OMCI frame a datagram) or on a road of a bench; it is judged by what it sends",
    )
    .option("--listen <address:port>", "port of the first ONT; the others have the ports behind it", "127.0.0.1:7100")
    .option(
      "--road <address>",
      "one ONT on a road of a bench instead of UDP: eth:<interface>[/<MAC address>], serial:<tty>[,<bit/s>], exec:<program> <arguments>, vomci://<host>:<port>[/<OLT name>/<channel termination>/<ONU-ID>] (TR-451, we are the pOLT), unix:<path>, or unix-listen:<path>",
    )
    .option("--onts <n>", "ONTs that wait", "1")
    .option("--quirk <name>", "quirk profile of the ONTs", "reference")
    .option("--image <file>", "bundle that the OLT will send, with --key; else any image is refused for its signature")
    .option("--key <file>", "public key that the ONTs trust")
    .option("--for <time>", "wait so long at most", "10min")
    .option("--quiet <time>", "an OLT that has sent nothing for so long is done", "10s")
    .option("--pcap <folder>", "a capture for each ONT, named by its port, with comments where a rule fails")
    .option("--json", "findings on stdout as JSON")
    .action((flags: ConformOltFlags) => conformOlt(flags));
}

async function conformOlt(flags: ConformOltFlags): Promise<void> {
  const { host, port } = parseAddress("--listen", flags.listen);
  const count = parseCount("--onts", flags.onts);
  const road = roadFrom(flags.road, count);
  const quirk = quirkOf(flags.quirk);
  const [forMs, quietMs] = [parseDuration("--for", flags.for) * 1000, parseDuration("--quiet", flags.quiet) * 1000];
  const folder = flags.pcap === undefined ? undefined : captureFolderOf(flags.pcap);
  const onts: ServedOnt[] = [];
  await placedLater("poncast conform olt", async () => {
    const images = selfImages(
      flags.image === undefined ? undefined : { file: flags.image, ...(flags.key && { keyFile: flags.key }) },
    );
    for (let index = 0; index < count; index++)
      onts.push(
        await serveOnt({
          address: host,
          port: port === 0 ? 0 : port + index,
          ...(road && { road }),
          quirk,
          images,
          captureFolder: folder?.path,
          onCaptureFault: tellFault,
        }),
      );
  }).catch((error: unknown) => {
    for (const ont of onts) ont.close();
    folder?.removeIfEmpty();
    throw error;
  });
  const waiting = orInterrupted(untilQuiet(onts, forMs, quietMs));
  const where = road?.name ?? `${host}, ports ${onts.map((ont) => ont.port).join(", ")}`;
  tell(`ONTs wait on ${where}; Ctrl-C ends and judges\n`);
  await waiting;
  for (const ont of onts) ont.close();
  folder?.removeIfEmpty();
  report(onts, flags.json === true);
}

/** @throws UsageError where it is no road of a bench */
function roadFrom(name: string | undefined, count: number): BenchRoad | undefined {
  if (name === undefined) return undefined;
  if (count !== 1) throw new UsageError("--onts: one ONT alone is on a road of a bench");
  const road = roadOf(name);
  if (road === undefined) throw new UsageError(`--road: ${name} is not allowed; ${ROAD_FORMS.join(", ")}`);
  return road;
}

/** Until every ONT that heard anything has heard nothing more for a while, or time is up. */
function untilQuiet(onts: readonly ServedOnt[], forMs: number, quietMs: number): Promise<void> {
  const endMs = performance.now() + forMs;
  return new Promise((done) => {
    const timer = setInterval(() => {
      const nowMs = performance.now();
      const heard = onts.filter(({ seen }) => seen.datagrams > 0);
      const isQuiet = heard.length > 0 && heard.every(({ seen }) => nowMs - seen.lastMs >= quietMs);
      const isEnded = onts.every(({ seen }) => seen.ended !== "");
      if (nowMs < endMs && !isQuiet && !isEnded) return;
      clearInterval(timer);
      done();
    }, LOOK_MS);
    timer.unref();
  });
}

function report(onts: readonly ServedOnt[], json: boolean): void {
  const findings = onts.map(({ port, where, seen, droppedFrames, judge, capture }) => ({
    ...(port === 0 ? { road: where } : { port }),
    datagrams: seen.datagrams,
    droppedFrames,
    ...(capture !== undefined && { capture }),
    findings: judge.findings(),
  }));
  const failed = findings.some((ont) => ont.findings.some(({ verdict }) => verdict === "fail"));
  const silent = findings.every(({ datagrams }) => datagrams === 0);
  if (json) print(`${JSON.stringify(findings)}\n`);
  else {
    const paint = painter(lookOf(process.stdout, process.env).colour);
    for (const [index, ont] of findings.entries()) {
      const captured = ont.capture === undefined ? "" : `, captured in ${ont.capture}`;
      const { droppedFrames } = ont;
      const dropped = droppedFrames > 0 ? `, ${droppedFrames} dropped for their trailer` : "";
      print(`ONT on ${onts[index].where}: ${ont.datagrams} frames${dropped}${captured}\n`);
      for (const { rule, verdict, cause } of ont.findings) {
        const word = verdict === "notSeen" ? "not seen" : verdict;
        print(`  ${paint(word.padEnd(8), styles[verdict])}  ${rule.padEnd(15)} ${cause || OLT_RULES[rule][0]}\n`);
      }
    }
  }
  for (const { seen } of onts) if (seen.ended !== "") tell(`${seen.ended}\n`);
  if (silent) tell("no OLT sent anything\n");
  if (failed || silent) process.exitCode = EXIT_FAILED;
}

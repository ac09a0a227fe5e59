/** `poncast conform olt`: options, waiting and printing. What an OLT is held to is in conform/olt. */
import type { Command } from "commander";
import { placedLater } from "../../base/errors/index.ts";
import { MILESTONES, type Milestone, OLT_RULES, type ServedOnt, serveOnt } from "../../conform/olt/index.ts";
import { selfImages } from "../../conform/targets/index.ts";
import { captureFolderOf, tellFault } from "./conform-captures.ts";
import { quirkOf } from "./conform-options.ts";
import { type BenchRoad, ROAD_FORMS, roadOf } from "../../pon/bench/index.ts";
import { refuseFewMoreFiles } from "../../run/processes/index.ts";
import { parseAddress, parseCount, parseDuration, parseRate } from "../units.ts";
import { painter, type Style } from "../../base/terminal/index.ts";
import { lookOf } from "../view/index.ts";
import { orInterrupted } from "../waiting.ts";
import { print, tell } from "../print.ts";
import { StatusLines } from "../status-lines.ts";
import { UsageError } from "../errors.ts";

const EXIT_FAILED = 1;
/** How often it is looked whether the OLT has gone quiet. */
const LOOK_MS = 100;
/** While the ONT is busy the OLT waits, too: pauses between Ends of 10 s are common. */
const BUSY_QUIET_MS = 60_000;
/** Least flash rate: an image of 4 GiB is read in a day. */
const FLASH_BYTES_PER_SECOND_MIN = 1000;
const styles: Readonly<Record<string, Style>> = { pass: "green", fail: "red", notSeen: "grey" };

interface ConformOltFlags {
  listen: string;
  road?: string;
  onts: string;
  quirk: string;
  image?: string;
  key?: string;
  for: string;
  silence: string;
  quiet?: boolean;
  flash: string;
  expect: string;
  pcap?: string;
  json?: boolean;
}

const HELP = `
An image of 16 MiB is read back in 17 s at --flash 1MB/s, and in 175 min at 1600B/s: --for is to be longer than download and flash.`;

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
    .option("--silence <time>", "an OLT that has sent nothing for so long is done", "10s")
    .option("--flash <rate>", "how fast the ONTs read back what they stored; End is answered busy for so long", "1MB/s")
    .option("--expect <command>", "what the OLT has to get to: start, end, activate, commit, or none", "commit")
    .option("--pcap <folder>", "a capture for each ONT, named by its port, with comments where a rule fails")
    .option("--json", "findings on stdout as JSON")
    .option("--quiet", "no word on who waits and what was seen, only the findings")
    .addHelpText("after", HELP)
    .action((flags: ConformOltFlags) => conformOlt(flags));
}

async function conformOlt(flags: ConformOltFlags): Promise<void> {
  const { host, port } = parseAddress("--listen", flags.listen);
  const count = parseCount("--onts", flags.onts);
  const road = roadFrom(flags.road, count);
  const quirk = quirkOf(flags.quirk);
  const [forMs, quietMs] = [parseDuration("--for", flags.for) * 1000, parseDuration("--silence", flags.silence) * 1000];
  const flashBytesPerSecond = parseRate("--flash", flags.flash);
  if (flashBytesPerSecond < FLASH_BYTES_PER_SECOND_MIN)
    throw new UsageError(`--flash: ${flags.flash} is not allowed; ${FLASH_BYTES_PER_SECOND_MIN} B/s at least`);
  const expected = milestoneOf(flags.expect);
  const folder = flags.pcap === undefined ? undefined : captureFolderOf(flags.pcap);
  refuseFewMoreFiles(count * (folder === undefined ? 1 : 2), "fewer ONTs");
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
          flashBytesPerSecond,
          captureFolder: folder?.path,
          onCaptureFault: tellFault,
        }),
      );
  }).catch((error: unknown) => {
    for (const ont of onts) ont.close();
    folder?.removeIfEmpty();
    throw error;
  });
  const status = flags.quiet ? undefined : new StatusLines(process.stderr);
  const waiting = orInterrupted(untilQuiet(onts, forMs, quietMs, status));
  const where = road?.name ?? `${host}, ports ${onts.map((ont) => ont.port).join(", ")}`;
  if (!flags.quiet) tell(`ONTs wait on ${where}; Ctrl-C ends and judges\n`);
  const wasCut = (await waiting) !== "quiet";
  status?.clear();
  for (const ont of onts) ont.close(wasCut);
  folder?.removeIfEmpty();
  report(onts, { json: flags.json === true, expected, wasCut });
}

/** @throws UsageError */
function milestoneOf(text: string): Milestone | undefined {
  if (text === "none") return undefined;
  const found = MILESTONES.find((milestone) => milestone === text);
  if (found === undefined) throw new UsageError(`--expect: ${text} is not allowed; ${MILESTONES.join(", ")} or none`);
  return found;
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
function untilQuiet(
  onts: readonly ServedOnt[],
  forMs: number,
  quietMs: number,
  status: StatusLines | undefined,
): Promise<"quiet" | "late"> {
  const endMs = performance.now() + forMs;
  return new Promise((done) => {
    const timer = setInterval(() => {
      const nowMs = performance.now();
      status?.show(onts.map(stateOf), onts.map(stageOf));
      const heard = onts.filter(({ seen }) => seen.datagrams > 0);
      const isQuiet = heard.length > 0 && heard.every((ont) => nowMs - ont.seen.lastMs >= patienceMs(ont, quietMs));
      const isEnded = onts.every(({ seen }) => seen.ended !== "");
      if (nowMs < endMs && !isQuiet && !isEnded) return;
      clearInterval(timer);
      done(isQuiet || isEnded ? "quiet" : "late");
    }, LOOK_MS);
    timer.unref();
  });
}

const patienceMs = ({ judge }: ServedOnt, quietMs: number): number =>
  judge.isBusy ? Math.max(quietMs, BUSY_QUIET_MS) : quietMs;

/** What an ONT has seen so far, as it changes. */
function stateOf(ont: ServedOnt): string {
  const { where, seen, judge } = ont;
  const failed = judge.findings(true).filter(({ verdict }) => verdict === "fail");
  const broken = failed.length === 0 ? "" : `; broken: ${failed.map(({ rule }) => rule).join(", ")}`;
  const doing = seen.datagrams === 0 ? "nothing yet" : judge.doing;
  return `ONT on ${where}: ${seen.datagrams} frames, ${doing}${broken}`;
}

/** The same for logs: a line for each stage. */
function stageOf({ where, seen, judge }: ServedOnt): string {
  if (seen.datagrams === 0) return "";
  return `ONT on ${where}: ${judge.isBusy ? "storing" : judge.course.doing}`;
}

function report(
  onts: readonly ServedOnt[],
  { json, expected, wasCut }: { json: boolean; expected: Milestone | undefined; wasCut: boolean },
): void {
  const findings = onts.map(({ port, where, seen, droppedFrames, judge, capture }) => ({
    ...(port === 0 ? { road: where } : { port }),
    datagrams: seen.datagrams,
    droppedFrames,
    reached: [...judge.course.reached],
    ...(capture !== undefined && { capture }),
    findings: judge.findings(wasCut),
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
  else for (const [index, { reached }] of findings.entries()) tellMissing(onts[index].where, reached, expected);
  const missed = expected !== undefined && findings.some(({ reached }) => !reached.includes(expected));
  if (failed || silent || missed) process.exitCode = EXIT_FAILED;
}

/** What an OLT was to get to, and did not. */
function tellMissing(where: string, reached: readonly Milestone[], expected: Milestone | undefined): void {
  if (expected === undefined || reached.includes(expected)) return;
  const upTo = MILESTONES.slice(0, MILESTONES.indexOf(expected) + 1).filter((each) => !reached.includes(each));
  const got = reached.at(-1) ?? "none";
  tell(`ONT on ${where}: expected and not seen answered ok: ${upTo.join(", ")}; --expect ${got} where that is all\n`);
}

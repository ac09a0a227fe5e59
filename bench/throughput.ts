/**
 * One image to N receiver processes: poncast on the loopback, other tools over a bridge between network namespaces (one for each
 * receiver), each with its own best settings. poncast's times run from the first Start to the last window answered, and to the
 * last good End: CRC, SHA-256, signature, stored.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sectionPduBytes } from "../omci/index.ts";
import { DATAGRAM_BYTES_VARIABLE, GEM_HEADER_BYTES, SEAL_BYTES } from "../pon/index.ts";
import { prepareImages } from "../run/images/index.ts";
import { runProcesses } from "../run/processes/runner.ts";
import { parseScenario } from "../scenarios/schema/load.ts";
import { argument, environment, environmentText, keep, say, type Summary, summarize, table } from "./harness.ts";
import { Bridge, endWithParent, insideNamespaces, runInside, whyNoNamespaces } from "./tools/namespaces.ts";
import { isInstalled, packageVersion, type Sample, type Tool, traffic } from "./tools/tool.ts";
import { type Ratio, ratiosOf, receiverMilliseconds } from "./throughput-ratios.ts";
import { HELP, type WayName, waysAsked } from "./throughput-options.ts";
import { udpcast } from "./tools/udpcast.ts";
import { uftp } from "./tools/uftp.ts";

const MIB = 1024 * 1024;
const BASELINE_BYTES_MAX = 2 * MIB;
const FOLDER_PREFIX = "/dev/shm/poncast-bench-";
const imageBytes = Number(argument("mib", "16")) * MIB;
const runs = Number(argument("runs", "5"));
const asked = askedOrEnd();
const counts = argument("onts", "1,8,32,128").split(",").map(Number);

/** The ways; the help and what cannot be are said at once. */
function askedOrEnd(): Set<WayName> {
  if (process.argv.includes("--help")) {
    process.stdout.write(`${HELP}\n`);
    process.exit(0);
  }
  try {
    return waysAsked(argument("ways", ""));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(2);
  }
}

/** A way to bring the image to all receivers. */
interface Way {
  name: string;
  imageBytes: number;
  send: (receivers: number, folder: string) => Promise<Sample>;
}

/** All runs of one way to so many receivers. */
interface Cell {
  name: string;
  receivers: number;
  imageBytes: number;
  samples: Sample[];
  /** Runs that gave no figures, with the reason. */
  faults: string[];
}

/** What is asked of a run of poncast beside its image. */
interface Asked {
  name: string;
  messageSet?: "baseline" | "extended";
  loss?: number;
  ontsPerProcess?: number;
  datagramBytes?: number;
}

const OURS = {
  plain: { name: "poncast" },
  packed: { name: "poncast, 8 in a process", ontsPerProcess: 8 },
  small: { name: "poncast 1472", datagramBytes: 1472 },
  loss: { name: "poncast, 1 % loss", loss: 0.01 },
  moreLoss: { name: "poncast, 5 % loss", loss: 0.05 },
  baseline: { name: "poncast baseline", messageSet: "baseline" },
} as const satisfies Record<string, Asked>;

/** Trailer of a frame: its CRC. */
const TRAILER_BYTES = 4;

/** Data of a section that fills a sealed datagram. */
function sectionBytesIn(datagramBytes: number): number {
  const around = SEAL_BYTES + GEM_HEADER_BYTES + TRAILER_BYTES + sectionPduBytes("extended", 0);
  return datagramBytes - around;
}

/** The shortest deadline for an answer is for a fibre with a DBA cycle; on the loopback an answer takes a millisecond. */
function scenarioText(onts: number, bytes: number, asked: Asked): string {
  const { messageSet = "extended", loss = 0, ontsPerProcess = 1, datagramBytes } = asked;
  const sections = datagramBytes === undefined ? "" : `, sectionBytes: ${sectionBytesIn(datagramBytes)}`;
  return `onts: ${onts}
ontsPerProcess: ${ontsPerProcess}
image: { bytes: ${bytes} }
olt: { messageSet: ${messageSet}, activate: false, answerTimeoutMinMs: 5${sections} }
impairments: ${loss === 0 ? "[]" : `[{ kind: loss, chance: ${loss} }]`}`;
}

/** @param signal ends the run */
function poncast(asked: Asked, signal: AbortSignal): Way {
  const { name, messageSet, datagramBytes } = asked;
  const bytes = messageSet === "baseline" ? Math.min(imageBytes, BASELINE_BYTES_MAX) : imageBytes;
  const send = async (onts: number, folder: string): Promise<Sample> => {
    let windowsNs = -1;
    const before = traffic();
    // Processes of the run take it from their environment.
    if (datagramBytes !== undefined) process.env[DATAGRAM_BYTES_VARIABLE] = String(datagramBytes);
    const { result, reasons } = await runProcesses(parseScenario(scenarioText(onts, bytes, asked), "bench"), {
      out: join(folder, "run"),
      overwrite: true,
      signal,
      onView: ({ olt }) => {
        if (olt && olt.lastWindowAnsweredNs >= 0) windowsNs = olt.lastWindowAnsweredNs - olt.firstStartNs;
      },
    }).finally(() => delete process.env[DATAGRAM_BYTES_VARIABLE]);
    const { cpuSeconds, memory } = result.host!;
    const { downloadSeconds } = result.timing;
    if (downloadSeconds === null || memory === null) throw new Error(reasons.join("; "));
    const after = traffic();
    return {
      windowsSeconds: windowsNs / 1e9,
      seconds: downloadSeconds,
      senderCpuSeconds: cpuSeconds.olt,
      receiversCpuSeconds: cpuSeconds.onts,
      receiverMegabytes: memory.ontBytesMean / 1e6,
      multicastDatagrams: after.multicastDatagrams - before.multicastDatagrams,
      datagrams: after.datagrams - before.datagrams,
      failed: result.ontResults.filter(({ outcome }) => outcome !== "stored").length,
    };
  };
  return { name, imageBytes: bytes, send };
}

/** Tools that are installed, with their versions, and why others are left out. */
interface Tools {
  bridge: Bridge | undefined;
  tools: Tool[];
  versions: Record<string, string>;
  skipped: string[];
}

function findTools(whyNone: string): Tools {
  const skipped: string[] = [];
  const tools = [uftp(8800), uftp(1300), udpcast].filter(({ name, commands }) => {
    if (!isAsked(name)) return false;
    const missing = commands.filter((command) => !isInstalled(command));
    if (missing.length > 0) skipped.push(`${name}: ${missing.join(", ")} not installed`);
    else if (whyNone !== "") skipped.push(`${name}: no network namespaces here (${whyNone})`);
    return missing.length === 0 && whyNone === "";
  });
  const versions = Object.fromEntries(tools.map((tool) => [tool.package, packageVersion(tool.package)]));
  return { bridge: insideNamespaces() ? new Bridge() : undefined, tools, versions, skipped };
}

/** Words for ways whose names in tables are longer. */
const WORDS: Record<string, WayName> = {
  [OURS.packed.name]: "poncast-packed",
  [OURS.loss.name]: "poncast-loss",
  [OURS.moreLoss.name]: "poncast-loss-5",
};

/** By the name that a way has in tables. */
const isAsked = (name: string): boolean => asked.has(WORDS[name] ?? (name.replace(" ", "-") as WayName));

/** Tools get the very bytes that poncast sends. */
function waysOf({ bridge, tools }: Tools, folder: string, signal: AbortSignal): Way[] {
  const oursAsked = (which: readonly Asked[]): Way[] =>
    which.filter(({ name }) => isAsked(name)).map((way) => poncast(way, signal));
  const ways = oursAsked([OURS.plain, OURS.packed, OURS.small]);
  if (bridge) {
    const { bytes, facts } = prepareImages(parseScenario(scenarioText(1, imageBytes, OURS.plain), "bench"));
    const imagePath = join(folder, "image.bin");
    writeFileSync(imagePath, bytes);
    const sending = { bridge, imagePath, imageSha256: facts.sha256, folder: join(folder, "receivers") };
    for (const tool of tools)
      ways.push({ name: tool.name, imageBytes, send: (receivers) => tool.send({ ...sending, receivers }) });
  }
  return [...ways, ...oursAsked([OURS.loss, OURS.moreLoss, OURS.baseline])];
}

/** Every way in turn, run by run, so that what disturbs the machine falls on all of them. */
async function measure(ways: readonly Way[], receivers: number, folder: string, signal: AbortSignal): Promise<Cell[]> {
  const cells = ways.map(({ name, imageBytes: bytes }): Cell => {
    return { name, receivers, imageBytes: bytes, samples: [], faults: [] };
  });
  for (let run = 0; run < runs; run++)
    for (const [index, { name, send }] of ways.entries()) {
      if (signal.aborted) return cells;
      process.stderr.write(`${receivers} receivers, run ${run + 1} of ${runs}: ${name}\n`);
      try {
        cells[index].samples.push(await send(receivers, folder));
      } catch (error) {
        // Ctrl-C is no fault of the run that it ends.
        if (!signal.aborted) cells[index].faults.push(error instanceof Error ? error.message : String(error));
      }
    }
  return cells;
}

const text = ({ median, min, max }: Summary): string => `${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`;

const over = (cell: Cell, of: (sample: Sample) => number): Summary => summarize(cell.samples.map(of));

function row(cell: Cell): string[] {
  const { name, receivers, samples, faults } = cell;
  const label = `${receivers}: ${name}`;
  if (samples.length === 0) return [label, "", faults[0], "", "", "", "", ""];
  const median = (of: (sample: Sample) => number, digits: number): string => over(cell, of).median.toFixed(digits);
  const deliveredGigabits = (receivers * cell.imageBytes * 8) / over(cell, ({ seconds }) => seconds).median / 1e9;
  const failed = samples.reduce((sum, sample) => sum + sample.failed, 0);
  return [
    label,
    samples[0].windowsSeconds === null ? "" : text(over(cell, ({ windowsSeconds }) => windowsSeconds ?? NaN)),
    text(over(cell, ({ seconds }) => seconds)),
    deliveredGigabits.toFixed(1),
    `${median((sample) => sample.senderCpuSeconds, 2)}/${median((sample) => sample.receiversCpuSeconds, 2)}`,
    median((sample) => sample.receiverMegabytes, 1),
    `${median((sample) => sample.multicastDatagrams, 0)}/${median((sample) => sample.datagrams, 0)}`,
    `${failed} of ${receivers * samples.length}${faults.length > 0 ? `, ${faults.length} runs without end` : ""}`,
  ];
}

const HEAD = [
  "receivers: way",
  "to last window, s",
  "to last receiver, s",
  "Gbit/s delivered",
  "CPU sender/receivers, s",
  "MB a receiver",
  "datagrams multicast/all",
  "without the file",
];

async function bench(folder: string, whyNone: string, signal: AbortSignal): Promise<void> {
  const where = environment();
  const tools = findTools(whyNone);
  for (const line of tools.skipped) say(`Left out: ${line}`);
  const ways = waysOf(tools, folder, signal);
  const cells: Cell[] = [];
  const ratios: Ratio[] = [];
  for (const receivers of counts) {
    await tools.bridge?.setPorts(receivers);
    const measured = await measure(ways, receivers, folder, signal);
    cells.push(...measured.filter(({ samples, faults }) => samples.length + faults.length > 0));
    if (signal.aborted) break;
    ratios.push(...ratiosOf(measured));
  }
  tools.bridge?.close();
  const size = `${imageBytes / MIB} MiB (baseline: ${Math.min(imageBytes, BASELINE_BYTES_MAX) / MIB} MiB)`;
  say(`${environmentText(where)}\n`);
  say(`${size}; times as median (min to max), all else medians, of ${signal.aborted ? "up to " : ""}${runs} runs:\n`);
  say(`${table(HEAD, cells.map(row))}\n`);
  for (const { receivers, what, ratio } of ratios) say(`- ${receivers} receivers, ${what}: ${ratio.toFixed(2)}`);
  for (const cell of cells.filter(({ samples }) => samples.length > 0))
    say(
      `- ${cell.receivers} receivers, ${cell.name}: ${receiverMilliseconds(cell).toFixed(1)} ms of processor time each`,
    );
  if (signal.aborted) {
    process.stderr.write("interrupted: this is what was measured until then; nothing is kept\n");
    process.exitCode = 130;
    return;
  }
  const { versions, skipped } = tools;
  const path = keep("throughput", where, { imageBytes, runs, tools: versions, skipped, ratios, cells });
  process.stdout.write(`${path}\n`);
}

/** The folder of all runs goes with the bench, also when Ctrl-C ends it. */
async function main(): Promise<void> {
  if (insideNamespaces()) {
    const folder = argument("folder", "");
    endWithParent(() => rmSync(folder, { recursive: true, force: true }));
    await bench(folder, "", interruption());
    return;
  }
  const folder = mkdtempSync(FOLDER_PREFIX);
  try {
    const whyNone = whyNoNamespaces();
    if (whyNone === "") process.exitCode = await runInside(["--folder", folder]);
    else await bench(folder, whyNone, interruption());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Aborted by Ctrl-C. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort());
  process.once("message", () => controller.abort());
  process.channel?.unref();
  return controller.signal;
}

await main();

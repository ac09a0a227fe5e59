/** `poncast olt`: the OLT alone. */
import type { Command } from "commander";
import { placedLater } from "../../base/errors/index.ts";
import { bytesText, copiesText, plural } from "../../base/text/index.ts";
import { systemClock } from "../../base/clock/index.ts";
import { type ImageSource, openImageSource } from "../../image/index.ts";
import { type OltOntStatus, type OltStatus, phaseIs, phasesWith } from "../../olt/core/types.ts";
import { type OltProcessConfig, type OltReport, type RunningOlt, startOlt } from "../../olt/process/index.ts";
import { BenchRun } from "../../olt/southbound/bench/index.ts";
import { ROAD_FORMS, roadOf } from "../../pon/bench/index.ts";
import { clearCaptureFile } from "../../pon/capture/index.ts";
import { crc32Functions } from "../../run/index.ts";
import { oltProcessConfigOf, refuseFewMoreFiles } from "../../run/processes/index.ts";
import { readScenarioFile, type Scenario } from "../../scenarios/index.ts";
import { toOltConfig } from "../../run/fleet/index.ts";
import type { Steering } from "../../run/types.ts";
import { UsageError } from "../errors.ts";
import { requireWritable } from "../files.ts";
import { PON_KEY_OPTION, ponKeyOf } from "../pon-key.ts";
import { requireDeltas } from "../delta-option.ts";
import { addFieldOptions, collected, scenarioFileOf, SIDE_SCENARIO, sideScenario } from "../run-options.ts";
import { forForeign } from "../target-scenario.ts";
import { underControl } from "../control-option.ts";
import { openOltAddress, parseAddress, parsePort } from "../units.ts";
import { deferred, orInterrupted } from "../waiting.ts";
import { createProgress, type ProgressView, ViewBuilder } from "../view/index.ts";
import { print, tell } from "../print.ts";
import { runJoinedOlt } from "./olt-join.ts";

const EXIT_MISSED = 1;
const EXIT_INTERRUPTED = 130;
const NS_PER_MS = 1e6;
/** Socket, image, capture, and callers of metrics and control. */
const OLT_FILES = 8;
const MS_PER_SECOND = 1000;
export const SIDE_PORT = "7000";

interface OltFlags {
  port: string;
  json?: boolean;
  metrics?: string;
  control?: string;
  pcap?: string;
  quiet?: boolean;
  image?: string;
  onts?: string;
  target?: string;
  ponKey?: string;
  delta?: string[];
  [option: string]: unknown;
}

interface OltCalled extends Omit<OltFlags, "onts"> {
  join?: string;
  onts?: string | false;
  port: string;
}

/** `poncast olt`: the OLT alone, for ONTs in other terminals or on other hosts. */
export function oltCommand(program: Command): void {
  const command = program
    .command("olt")
    .description("one OLT alone, for ONTs started with `poncast ont` in other terminals or on other hosts")
    .argument("[scenario]", "scenario file or preset: its OLT settings count", SIDE_SCENARIO);
  addFieldOptions(command, "olt");
  command
    .option("--port <n>", "UDP port to listen on; the multicast group follows from it; 0 = any", SIDE_PORT)
    .option(
      "--target <address>",
      "in unicast, instead of our own ONTs: the ONUs behind an OpenOLT server (VOLTHA), openolt://<host>:<port>; or one ONT at the end of a road of a bench, eth:<interface>[/<MAC address>], serial:<tty>[,<bit/s>], exec:<program> <arguments>, vomci://<host>:<port>[/<OLT name>/<channel termination>/<ONU-ID>], unix:<path>, or unix-listen:<path>",
    )
    .option(
      "--delta <file>",
      "a delta made by `poncast delta make`, for ONTs that run what it is from; may stand several times",
      collected,
    )
    .option(
      "--join <host:port>",
      "brings a port to the run that another host owns, see `poncast run --join-port`: number, scenario and image come from there, and its part of the result goes there; the ONTs are processes beside the OLT. Of the options --pon-key, --interface, --image, --no-onts, --metrics, --pcap and --quiet are this host's",
    )
    .option("--no-onts", "with --join: the ONTs are started with `poncast ont --olt`, on this host or others")
    .option(...PON_KEY_OPTION)
    .option("--json", "the OLT's last status on stdout as JSON")
    .option("--metrics <host:port>", "serve Prometheus metrics while it runs")
    .option("--control <host:port>", "take commands while it runs, over HTTP with a token, see `poncast control`")
    .option("--pcap <file>", "capture every OMCI frame, as pcapng for Wireshark and `poncast decode`")
    .option("--force", "send to ONTs that are not eligible too")
    .option("--quiet", "no progress")
    .action((name: string, { join, onts, ...flags }: OltCalled, called: Command) => {
      if (join !== undefined) {
        const given = called.options.map((option) => option.attributeName());
        const isGiven = (option: string): boolean => called.getOptionValueSource(option) === "cli";
        return runJoinedOlt(
          { ...flags, join, ...(onts !== undefined && { onts }) },
          [...new Set(given)].filter(isGiven),
          called.args.length > 0,
        );
      }
      if (onts === false)
        throw new UsageError("--no-onts: changes nothing without --join: the ONTs are others' anyway");
      return runOlt(name, onts === undefined ? flags : { ...flags, onts });
    });
}

async function runOlt(name: string, flags: OltFlags): Promise<void> {
  const image = flags.image;
  if (image === undefined)
    throw new UsageError("--image: the bundle to distribute is missing; make one with `poncast pack`");
  const isForeign = flags.target !== undefined;
  const scenario = sideScenario(
    name,
    flags,
    "olt",
    isForeign ? forForeign(readScenarioFile(scenarioFileOf(name)).input) : [],
  );
  if (flags.target !== undefined) return runTarget(flags.target, scenario, image, flags);
  refuseFewMoreFiles(OLT_FILES, "no --metrics, --control and --pcap");
  const config = configOf(scenario, image, flags);
  const progress = flags.quiet ? undefined : createProgress(flags.json ? process.stderr : process.stdout, process.env);
  const finished = deferred<OltReport>();
  const viewOf = viewing(scenario);
  await underControl(flags.control, async (control) => {
    const olt = await placedLater("poncast olt", () =>
      startOlt(config, {
        onEvents: () => undefined,
        onStatus: (report) => progress?.update(viewOf(report.status)),
        onFinished: (report) => finished.resolve(report),
      }),
    );
    const { address, port } = olt.address;
    control?.attach(steeringOf(olt, () => olt.snapshot().status));
    const waiting = orInterrupted(finished.promise);
    tell(
      `OLT on ${address}:${port}, waits for ${plural(config.olt.expectedOnts, "ONT")}: poncast ont --olt ${address}:${port}\n`,
    );
    const report = await waiting;
    progress?.stop();
    const { status } = report ?? olt.snapshot();
    olt.stop();
    conclude(status, flags.json === true, report !== undefined);
  });
}

/** Our OLT core over somebody else's ONTs: behind VOLTHA's southbound interface, or one at the end of a road of a bench. */
async function runTarget(target: string, scenario: Scenario, image: string, flags: OltFlags): Promise<void> {
  const road = roadOf(target);
  const address = road === undefined ? openOltAddress(target, `, ${ROAD_FORMS.join(", ")}`) : "";
  for (const option of ["pcap", "metrics"])
    if (flags[option] !== undefined)
      throw new UsageError(
        `--${option}: not with --target; \`poncast run --target\` leaves a run folder and takes --pcap`,
      );
  if (flags.delta !== undefined) throw new UsageError("--delta: not with --target: foreign ONTs tell of no deltas");
  if (flags.ponKey !== undefined) throw new UsageError("--pon-key: not with --target, where nothing is ranged by us");
  const progress = flags.quiet ? undefined : createProgress(flags.json ? process.stderr : process.stdout, process.env);
  const view = viewing(scenario);
  const source = readSource(image, scenario.olt.force);
  const options = {
    image: source,
    olt: toOltConfig(scenario),
    nowNs: systemClock(process.hrtime.bigint()),
    onTurn: () => progress?.update(view(run.status())),
  };
  const run =
    road === undefined
      ? new (await import("../../olt/southbound/openolt/index.ts")).OpenOltRun({ ...options, address })
      : new BenchRun(options, road);
  const cause = await underControl(flags.control, async (control) => {
    control?.attach(steeringOf(run, () => run.status()));
    try {
      await run.start();
      return await orInterrupted(run.ended);
    } catch (error) {
      const { message } = error as Error;
      throw new UsageError(message.startsWith(target) ? message : `${target}: ${message}`);
    } finally {
      progress?.stop();
      await run.stop();
    }
  });
  conclude(run.status(), flags.json === true, cause !== undefined);
  if (cause === undefined || cause === "") return;
  tell(`${cause.startsWith(target) ? "" : `${target}: `}${cause}\n`);
  process.exitCode = EXIT_MISSED;
}

function readSource(image: string, force: boolean): ImageSource {
  const source = openImageSource(image, { crc32: crc32Functions, force, nowSeconds: Date.now() / MS_PER_SECOND });
  if (source.warning !== "") tell(`${image}: ${source.warning}\n`);
  return source;
}

function configOf(scenario: Scenario, image: string, flags: OltFlags): OltProcessConfig {
  const metrics = flags.metrics === undefined ? {} : { metrics: parseAddress("--metrics", flags.metrics) };
  const { pcap } = flags;
  if (pcap !== undefined) {
    requireWritable("--pcap", pcap);
    clearCaptureFile(pcap);
  }
  const options = { ...metrics, ...(pcap !== undefined && { pcap }) };
  const ponKey = ponKeyOf(flags.ponKey, scenario);
  requireDeltas(flags.delta ?? []);
  const config = oltProcessConfigOf(
    scenario,
    options,
    [image, ...(flags.delta ?? [])],
    process.hrtime.bigint(),
    ponKey,
  );
  return { ...config, port: parsePort("--port", flags.port) };
}

/** The hand on an OLT from now on; it leaves no folder. */
function steeringOf(olt: Pick<RunningOlt, "handleCommand">, statusOf: () => OltStatus): Steering {
  const startedMs = performance.now();
  return {
    command: (command) => Promise.resolve(olt.handleCommand(command)),
    view: () => ({ phase: "running", elapsedMs: performance.now() - startedMs, olt: statusOf() }),
  };
}

/** Views out of what the OLT alone knows. */
function viewing(scenario: Scenario): (status: OltStatus) => Parameters<ProgressView["update"]>[0] {
  const builder = new ViewBuilder(infoOf(scenario));
  const startedMs = performance.now();
  return (status) =>
    builder.build({
      phase: "running",
      elapsedMs: performance.now() - startedMs,
      ontsStarted: status.onts.length,
      onts: status.onts.map(({ onuId, serial, cause }) => ({ id: onuId, serial, cell: "idle", cause })),
      olt: status,
      downstreamBytesPerSecond: 0,
      note: "",
    });
}

const infoOf = (scenario: Scenario): ConstructorParameters<typeof ViewBuilder>[0] => ({
  name: scenario.name,
  mode: scenario.olt.mode,
  recovery: scenario.olt.recovery,
  catchesUp: scenario.olt.catchUp.when !== "never",
  seed: scenario.seed,
  clock: "wall",
  imageBytes: 0,
  imageVersion: "",
});

const GOOD_PHASES: ReadonlySet<string> = new Set(
  phasesWith("isOutcome").filter((phase) => !phaseIs(phase, "isFailure")),
);

function conclude(status: OltStatus, json: boolean, finished: boolean): void {
  if (json) print(`${JSON.stringify(status)}\n`);
  else for (const line of linesOf(status)) print(`${line}\n`);
  const bad = status.onts.filter(({ phase }) => !GOOD_PHASES.has(phase));
  if (!finished) process.exitCode = EXIT_INTERRUPTED;
  else if (bad.length > 0 || status.onts.length === 0 || status.stopReason !== "") process.exitCode = EXIT_MISSED;
}

function linesOf({ onts, counters, imageBytes, stopReason, firstStartNs, lastEndNs }: OltStatus): string[] {
  const copies = imageBytes === 0 ? 0 : counters.sectionPayloadBytes / imageBytes;
  const took =
    firstStartNs < 0 || lastEndNs < 0 ? "" : `, download ${Math.round((lastEndNs - firstStartNs) / NS_PER_MS)} ms`;
  // Else all were sent the same.
  const hasSeveral = onts.some(({ payload }) => payload > 0);
  const sent = ({ startedNs, payloadBytes }: OltOntStatus): string =>
    hasSeveral && startedNs >= 0 ? `, by ${bytesText(payloadBytes)}` : "";
  return [
    ...onts.map((ont) => `${ont.serial} ${ont.phase} ${ont.version}${sent(ont)}${ont.cause && `: ${ont.cause}`}`),
    ...(stopReason === "" ? [] : [`stopped: ${stopReason}`]),
    `${onts.length} ONTs, ${counters.sections} sections in ${counters.windows} windows, ${copiesText(copies)} copies of the image${took}`,
  ];
}

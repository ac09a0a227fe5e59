/** `poncast run`: one OLT process and the ONT processes, from ranging to commit. */
import type { Command } from "commander";
import { RunInputError } from "../../run/index.ts";
import { campaignLines, hasCampaign } from "../../run/campaign/index.ts";
import { checkRunFolder, RUN_FILES } from "../../run/recorder/index.ts";
import type { RunOptions, Steering } from "../../run/types.ts";
import { type Road, type StartedRun, startRun } from "../../web/start/index.ts";
import type { PayloadPlan } from "../../run/payloads/index.ts";
import type { RunResult } from "../../run/result/types.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { UsageError } from "../errors.ts";
import { requireFile, requireWritable } from "../files.ts";
import { DELTA, deltaOverrides } from "../delta-option.ts";
import {
  addFieldOptions,
  ALLOW_DOWNGRADE,
  collected,
  overridesOf,
  presetNames,
  resolveScenario,
} from "../run-options.ts";
import { addJoinOptions, hostsOf, type JoinFlags, tellHosts } from "../join-option.ts";
import { targetScenario } from "../target-scenario.ts";
import { underControl } from "../control-option.ts";
import { oneThreadLine, THREADS, threadsOf } from "../threads-option.ts";
import { leaveDoor, openPage, type RunPage, untilInterrupted } from "../ui-option.ts";
import { openOltAddress, parseAddress } from "../units.ts";
import { COMMIT, VERSION } from "../version.ts";
import { createProgress, listenToKeys, lookOf, renderSummary, ViewBuilder } from "../view/index.ts";
import { print, tell as warn } from "../print.ts";
import { idleFieldsLine, refuseOmciOnly } from "../road-checks.ts";
import { replayOf } from "../replay.ts";
import { forecaster } from "../forecast.ts";
import { payloadLine } from "../payload-option.ts";
import { planLines } from "../payload-plan.ts";

const EXIT_INTERRUPTED = 130;
const DEFAULT_SCENARIO = "default";
const COLUMNS_DEFAULT = 100;

interface RunFlags extends JoinFlags {
  json?: boolean;
  out?: string;
  metrics?: string;
  control?: string;
  ui?: string | true;
  speed?: string;
  threads?: string;
  pcap?: string;
  force?: boolean;
  overwrite?: boolean;
  quiet?: boolean;
  keepState?: boolean;
  report?: boolean;
  delta?: string[];
  [option: string]: unknown;
}

export function runCommand(program: Command): void {
  const command = program
    .command("run")
    .description("distribute an image to a fleet of ONTs: processes on this machine, or in virtual time")
    .argument("[scenario]", `scenario file, or a preset: ${presetNames().join(", ")}`, DEFAULT_SCENARIO);
  addFieldOptions(command, "run");
  addJoinOptions(command);
  command
    .option("--virtual", "in virtual time: no processes, no waiting, the same to the byte from the same seed")
    .option(
      "--target <openolt://host:port>",
      "the ONUs behind an OpenOLT server (VOLTHA), in unicast, instead of our own ONTs; of the scenario its OLT settings count",
    )
    .option(DELTA.flags, DELTA.help, collected)
    .option("--json", "result.json on stdout, and nothing else there")
    .option("--out <folder>", "run folder; default runs/<time>-<name>")
    .option("--pcap <file>", "capture every OMCI frame at the OLT, as pcapng for Wireshark and `poncast decode`")
    .option("--metrics <host:port>", "serve Prometheus metrics while it runs")
    .option(
      "--control <host:port>",
      "take commands while it runs, over HTTP with a token, see `poncast control`; 127.0.0.1:0 = any free port of this machine",
    )
    .option(
      "--ui [host:port]",
      "serve the live page while it runs, for this machine unless another address is named; on a terminal until Ctrl-C",
    )
    .option(
      "--speed <times>",
      "with --virtual: so many times as fast as a clock, 1 = like one; default as fast as it goes",
    )
    .option(THREADS.flags, THREADS.help)
    .option("--overwrite", "write into a run folder that is not empty")
    .option("--force", "send to ONTs that are not eligible too: what is tested then is the ONTs' own check")
    .option(ALLOW_DOWNGRADE.flags, ALLOW_DOWNGRADE.help)
    .option("--no-report", `no ${RUN_FILES.report} in the run folder`)
    .option("--quiet", "no progress, only the summary")
    .option("--keep-state", "keep the ONTs' flash folders")
    .action((name: string, flags: RunFlags, called: Command) => run(name, flags, called));
}

async function run(name: string, flags: RunFlags, command: Command): Promise<void> {
  // Somebody named the scenario: it is not the default.
  const isNamed = command.args.length > 0;
  const virtual = flags.virtual === true;
  refuseIdle(flags, virtual);
  const threads = threadsOf(flags, virtual);
  if (virtual && flags.metrics !== undefined)
    throw new UsageError("--metrics: there is nothing to scrape in virtual time");
  const metrics = flags.metrics === undefined ? undefined : parseAddress("--metrics", flags.metrics);
  const address = flags.target === undefined ? undefined : openOltAddress(flags.target);
  const scenario =
    address === undefined
      ? resolveScenario(name, [...overridesOf(flags), ...deltaOverrides(flags.delta ?? [])])
      : targetScenario(isNamed ? name : undefined, flags);
  refuseOmciOnly(scenario, flags);
  const hosts = hostsOf(flags, scenario);
  const { keyFile, file } = scenario.image;
  if (file !== undefined && keyFile === undefined && address === undefined) {
    throw new UsageError("--image: the ONTs need the public key of its signer: add --key <file> (image.keyFile)");
  }
  for (const path of [file, keyFile]) if (path !== undefined) requireFile(path);
  if (address !== undefined && flags.delta !== undefined)
    throw new UsageError("--delta: changes nothing with --target: foreign ONTs tell of no deltas");
  if (flags.pcap !== undefined) requireWritable("--pcap", flags.pcap);
  if (flags.out !== undefined) checkRunFolder(flags.out, flags.overwrite === true);
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once("SIGINT", onInterrupt);
  process.once("SIGTERM", onInterrupt);
  const idle = idleFieldsLine(scenario);
  for (const line of [oneThreadLine(scenario, threads), idle, payloadLine([scenario])])
    if (line !== "" && flags.quiet !== true) warn(line);
  if (hasCampaign(scenario) && flags.quiet !== true) warn(`${campaignLines(scenario).join("\n")}\n`);
  if (hosts !== undefined) tellHosts(scenario, hosts);
  const show = showing(scenario, flags);
  // On stderr, so that --json has stdout for itself.
  const onPlan = (plan: PayloadPlan): void => {
    warn(`${planLines(plan, forecast?.(plan)).join("\n")}\n`);
  };
  const road = roadOf(virtual, address);
  const forecast = address === undefined && scenario.road === "omci" ? await forecaster(scenario) : undefined;
  const speed = speedOf(flags, virtual);
  const page =
    flags.ui === undefined
      ? undefined
      : await openPage({ option: flags.ui, scenario, virtual, forecast, capture: flags.pcap });
  let started: StartedRun;
  let shut = (): void => undefined;
  try {
    started = await underControl(flags.control, (control) =>
      startRun(scenario, {
        ...(flags.out === undefined ? {} : { out: flags.out }),
        ...(metrics === undefined ? {} : { metrics }),
        ...(hosts && { hosts }),
        ...(flags.pcap === undefined ? {} : { pcap: flags.pcap }),
        road,
        report: flags.report !== false,
        overwrite: flags.overwrite === true,
        keepState: flags.keepState === true,
        signal: interrupt.signal,
        ...(speed !== undefined && { speed }),
        ...(threads !== undefined && { threads }),
        ...(page && { sinks: [page.live.sink] }),
        onSteering: (steering) => {
          control?.attach(steering);
          page?.live.steer(steering);
          if (page !== undefined && control === undefined) shut = leaveDoor(steering.folder, page.server);
          show.steer(steering, interrupt.signal);
        },
        replay: replayOf(command, address === undefined ? name : undefined),
        poncast: { version: VERSION, commit: COMMIT },
        ...(forecast && { forecast }),
        ...(flags.quiet !== true && { onPlan }),
        ...viewing(show.onView, page?.live.onView),
      }),
    );
  } catch (error) {
    // Ctrl-C while there was nothing yet to record.
    await page?.server.close();
    if (!(error instanceof RunInputError && interrupt.signal.aborted)) throw error;
    return void (process.exitCode = EXIT_INTERRUPTED);
  } finally {
    shut();
    show.stop();
    process.off("SIGINT", onInterrupt);
    process.off("SIGTERM", onInterrupt);
  }
  tell(started, flags);
  if (page !== undefined) await leave(page, interrupt.signal.aborted);
}

/** Whoever sits before a terminal may still look at the page. */
async function leave({ server }: RunPage, isInterrupted: boolean): Promise<void> {
  if (process.stdout.isTTY && !isInterrupted) {
    warn(`the page stays until Ctrl-C: ${server.url}\n`);
    await untilInterrupted();
  }
  await server.close();
}

function speedOf({ speed }: RunFlags, virtual: boolean): number | undefined {
  if (speed === undefined) return undefined;
  if (!virtual)
    throw new UsageError("--speed: changes nothing without --virtual: processes have the time of the machine");
  const times = Number(speed);
  if (!(times > 0 && Number.isFinite(times)))
    throw new UsageError(`--speed ${speed}: a number above 0 is needed, such as 1 or 0.1`);
  return times;
}

/** All who look at the run. */
function viewing(...looks: (RunOptions["onView"] | undefined)[]): Pick<RunOptions, "onView"> {
  const given = looks.filter((look) => look !== undefined);
  return given.length === 0 ? {} : { onView: (view) => given.forEach((look) => look(view)) };
}

/** What a run in the other time has no use for. */
function refuseIdle(flags: RunFlags, virtual: boolean): void {
  for (const [name, option] of Object.entries({
    ontsPerProcess: "--onts-per-process",
    interface: "--interface",
    keepState: "--keep-state",
  }))
    if (virtual && flags[name] !== undefined && flags[name] !== false)
      throw new UsageError(`${option}: changes nothing with --virtual: there are no processes, sockets and files`);
}

function roadOf(virtual: boolean, address: string | undefined): Road {
  if (address !== undefined) return { kind: "openOlt", address };
  return { kind: virtual ? "virtual" : "processes" };
}

interface Shown {
  onView?: NonNullable<RunOptions["onView"]>;
  /** Commands may be given; from keys, until the signal. */
  steer: (steering: Steering, signal: AbortSignal) => void;
  stop: () => void;
}

/** Progress goes to stderr when stdout is for JSON. */
function showing(scenario: Scenario, flags: RunFlags): Shown {
  if (flags.quiet) return { steer: () => undefined, stop: () => undefined };
  const progress = createProgress(flags.json ? process.stderr : process.stdout, process.env);
  const builder = new ViewBuilder({
    name: scenario.name,
    mode: scenario.olt.mode,
    recovery: scenario.olt.recovery,
    catchesUp: scenario.olt.catchUp.when !== "never",
    seed: scenario.seed,
    clock: flags.virtual ? "virtual" : "wall",
    imageBytes: scenario.image.bytes,
    imageVersion: scenario.image.version,
    ...(scenario.pons > 1 && { ontsPerPort: scenario.onts }),
  });
  let closeKeys = (): void => undefined;
  return {
    onView: (view) => progress.update(builder.build(view)),
    steer: (steering, signal) => {
      // Keys are the live view's: where lines go to a log, nobody sees what they do.
      if (!lookOf(flags.json ? process.stderr : process.stdout, process.env).live) return;
      closeKeys = listenToKeys(process.stdin, steering, {
        log: (line) => progress.log(line),
        interrupt: () => process.kill(process.pid, "SIGINT"),
      });
      signal.addEventListener("abort", closeKeys, { once: true });
    },
    stop: () => {
      closeKeys();
      progress.stop();
    },
  };
}

function tell({ result, exitCode, reasons, endReason, folder, report, sinkFaults }: StartedRun, flags: RunFlags): void {
  for (const fault of sinkFaults) warn(`${fault}\n`);
  if (flags.json) print(`${JSON.stringify(result)}\n`);
  else summarize(result, folder, report);
  for (const reason of reasons) warn(`${reason}\n`);
  process.exitCode = endReason === "interrupted" ? EXIT_INTERRUPTED : exitCode;
}

function summarize(result: RunResult, folder: string, report: string | undefined): void {
  const columns = process.stdout.columns ?? COLUMNS_DEFAULT;
  process.stdout.write(`${renderSummary(result, columns, lookOf(process.stdout, process.env).colour)}\n`);
  print(`run folder: ${folder}\n`);
  if (report !== undefined) print(`report: ${report}\n`);
}

/** A run with somebody else's OLT and ONTs, behind OpenOLT. */
import { orRefused, placed } from "../../base/errors/index.ts";
import { type ImageSource, openImageSource } from "../../image/index.ts";
import type { OltStatus } from "../../olt/core/types.ts";
import { CaptureFile, clearCaptureFile } from "../../pon/capture/index.ts";
import { crc32Functions, prepareImages, refuseWithoutBytes } from "../images/index.ts";
import { lineOf, RunInputError } from "../errors.ts";
import { ownHostFacts } from "../host.ts";
import { RunRecorder } from "../recorder/recorder.ts";
import { RUN_FILES } from "../recorder/run-folder.ts";
import type { EndReason, RunOptions, RunOutcome, RunView } from "../types.ts";
import { buildResult, type OntFinal, type RunResult } from "../result/index.ts";
import { toOltConfig } from "../fleet/olt-config.ts";
import { planFleet } from "../fleet/plan.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { type OpenOltOnu, OpenOltRun } from "../../olt/southbound/openolt/index.ts";

const NS_PER_SECOND = 1e9;
const NS_PER_MS = 1e6;
const MS_PER_SECOND = 1000;
const VIEW_MS = 200;
/** ONUs named in a line; more are too many to read. */
const NAMED_MAX = 4;

interface Ending {
  reason: EndReason;
  /** One line; empty when the core was done. */
  text: string;
}

/**
 * Distributes an image to the ONUs behind an OpenOLT server, in unicast, with the run folder that other runs leave.
 * Nobody can read back what is in their flash: their answers are taken for it. `scenario.onts` are waited for.
 *
 * @param address host:port
 * @throws RunInputError when the run cannot start as asked, or no server answers; it has not begun then
 */
export async function runOpenOlt(scenario: Scenario, address: string, options: RunOptions = {}): Promise<RunOutcome> {
  const image = imageOf(scenario);
  const epochNs = process.hrtime.bigint();
  const nowNs = (): number => Number(process.hrtime.bigint() - epochNs);
  // Both are there before the first turn, which is the first to need them.
  let recorder: RunRecorder | undefined;
  let capture: CaptureFile | undefined;
  const run = new OpenOltRun({
    address,
    image,
    olt: toOltConfig(scenario),
    nowNs,
    onEvent: (timeNs, event) => {
      const ont = "onuId" in event && event.onuId >= 0 ? { ont: event.onuId } : {};
      recorder?.write({ timeNs, from: "olt", ...ont, event });
    },
    onFrame: (frame) => capture?.frame(frame),
  });
  const interrupt = (): void => void run.stop();
  options.signal?.addEventListener("abort", interrupt, { once: true });
  try {
    await run.start();
  } catch (error) {
    throw new RunInputError(`openolt://${address}: ${lineOf(error)}`);
  } finally {
    options.signal?.removeEventListener("abort", interrupt);
  }
  try {
    recorder = new RunRecorder(scenario, options, {
      clock: "wall",
      onts: scenario.onts,
      replayOf: () => `poncast run ${RUN_FILES.scenario} --target openolt://${address}`,
    });
    if (options.pcap !== undefined) capture = captureTo(options.pcap);
    options.onSteering?.({
      folder: recorder.folder,
      command: (command) => Promise.resolve(run.handleCommand(command)),
      view: viewOf(run, scenario, nowNs),
    });
    const ending = await live(run, scenario, recorder, nowNs, options);
    await run.stop();
    const result = conclude(run, scenario, image, nowNs() / NS_PER_SECOND, ending.text, options);
    return recorder.finish({ timeNs: nowNs(), reason: ending.reason, result });
  } finally {
    await run.stop();
    recorder?.close();
    capture?.close();
  }
}

/** A generated image where none is named: some servers simulate ONUs that take anything. */
function imageOf(scenario: Scenario): ImageSource {
  const { file } = scenario.image;
  refuseWithoutBytes(scenario, "foreign ONUs are sent bytes: leave it out, or --target");
  if (file === undefined) return prepareImages(scenario).source;
  const options = { crc32: crc32Functions, force: scenario.olt.force, nowSeconds: Date.now() / MS_PER_SECOND };
  return orRefused(
    ({ message }) => ({ place: "image", problem: message }),
    () => placed("image", () => openImageSource(file, options)),
  );
}

function captureTo(path: string): CaptureFile {
  clearCaptureFile(path);
  return new CaptureFile(path, (line) => process.stderr.write(`${path}: ${line}\n`));
}

/** Until the core is done, the server gone, the time over, or somebody interrupts. */
async function live(
  run: OpenOltRun,
  scenario: Scenario,
  recorder: RunRecorder,
  nowNs: () => number,
  options: RunOptions,
): Promise<Ending> {
  const view = viewOf(run, scenario, nowNs);
  const show = (): void => {
    recorder.flush();
    options.onView?.(view());
  };
  const showing = setInterval(show, VIEW_MS);
  let giveUp: NodeJS.Timeout | undefined;
  let interrupt: () => void = () => undefined;
  try {
    return await Promise.race<Ending>([
      run.ended.then((text) => ({ reason: text === "" ? "finished" : "failed", text })),
      new Promise((done) => {
        const { rangingPatienceMs } = scenario.olt;
        giveUp = setTimeout(() => {
          const none = run.onus.every(({ isUp }) => !isUp) && run.status().onts.length === 0;
          if (none) done({ reason: "timeLimit", text: `no ONU came up within ${rangingPatienceMs / 1000} s` });
        }, rangingPatienceMs);
      }),
      new Promise((done) => {
        interrupt = () => done({ reason: "interrupted", text: "interrupted" });
        if (options.signal?.aborted) interrupt();
        options.signal?.addEventListener("abort", interrupt, { once: true });
      }),
    ]);
  } finally {
    clearInterval(showing);
    clearTimeout(giveUp);
    options.signal?.removeEventListener("abort", interrupt);
    show();
  }
}

/** What is shown while it runs. */
function viewOf(run: OpenOltRun, scenario: Scenario, nowNs: () => number): () => RunView {
  let lastNs = 0;
  let lastBytes = 0;
  return () => {
    const timeNs = nowNs();
    const { gemBytes } = run.downstream;
    const passedSeconds = (timeNs - lastNs) / NS_PER_SECOND;
    const downstreamBytesPerSecond = passedSeconds > 0 ? (gemBytes - lastBytes) / passedSeconds : 0;
    [lastNs, lastBytes] = [timeNs, gemBytes];
    const olt = run.status();
    return {
      phase: "running",
      elapsedMs: timeNs / NS_PER_MS,
      ontsStarted: run.onus.length,
      onts: run.onus.map(({ serial, refusal }, id) => {
        const known = olt.onts.find(({ onuId }) => onuId === id);
        const cell = known ? "idle" : refusal === "" ? "starting" : "givenUp";
        return { id, serial, cell, cause: refusal || (known?.cause ?? "") };
      }),
      olt,
      downstreamBytesPerSecond,
      downstream: run.downstream,
      upstream: run.upstream,
      note: olt.phase === "ranging" ? waitingFor(run.onus, scenario.onts) : "",
    };
  };
}

function conclude(
  run: OpenOltRun,
  scenario: Scenario,
  image: ImageSource,
  totalSeconds: number,
  endedEarly: string,
  options: RunOptions,
): RunResult {
  const olt = run.status();
  const { imageBytes: bytes, crc32, sha256, version, productCode } = image;
  const [plan] = planFleet({ ...scenario, onts: 1, pons: 1 });
  return buildResult({
    poncast: options.poncast,
    forecast: options.forecast,
    scenario,
    seed: scenario.seed,
    clock: "wall",
    image: { bytes, crc32, sha256, version, productCode },
    olt,
    counters: olt.counters,
    onts: run.onus.map((onu, id) => finalOf(onu, id, olt)),
    expected: run.onus.map(() => plan.expect),
    downstream: run.downstream,
    upstream: run.upstream,
    endedEarly,
    remarks: [absentees(run.onus, scenario.onts)],
    spawnSeconds: 0,
    totalSeconds,
    host: ownHostFacts(),
  });
}

const finalOf = ({ serial, refusal }: OpenOltOnu, id: number, { onts }: OltStatus): OntFinal => ({
  id,
  serial,
  factorySha256: "",
  storage: null,
  cause:
    refusal || (onts.some(({ onuId }) => onuId === id) ? "" : "activated, but the server does not say that it is up"),
  bootAttempts: 0,
});

/** Who keeps the download from its start. */
function waitingFor(onus: readonly OpenOltOnu[], expected: number): string {
  const silent = onus.filter(({ isUp }) => !isUp).map(({ serial }) => serial);
  const parts = [
    ...(expected > onus.length ? [`${expected - onus.length} of ${expected} ONUs to be announced`] : []),
    ...(silent.length > 0 ? [`${silent.slice(0, NAMED_MAX).join(", ")} to come up`] : []),
  ];
  return parts.length > 0 ? `waiting for ${parts.join("; ")}` : "";
}

/** The server tells serial numbers of ONUs that it has heard; of others there is only a number. */
function absentees(onus: readonly OpenOltOnu[], expected: number): string {
  const absent = expected - onus.length;
  return absent > 0 ? `${absent} of ${expected} ONUs: the server never announced them` : "";
}

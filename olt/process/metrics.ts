/** What a Prometheus server reads of an OLT, made from its events and statuses alone; the core does not know of it. */
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import {
  type OltCounters,
  type OltEvent,
  type OltOntStatus,
  type OltStatus,
  ONT_PHASES,
  type OntPhase,
} from "../core/types.ts";
import type { OltReport } from "./protocol.ts";

/** Series with a serial number: a PON has at most this many ONTs (1:128 split). */
export const ONT_SERIES_MAX = 128;
/** Series of one metric with a cause; what comes after them counts as "other". */
export const CAUSE_SERIES_MAX = 32;
const OTHER_CAUSE = "other";
const NS_PER_SECOND = 1e9;

/** From an answer on the same machine to the answer deadline of one message. */
const answerBucketsSeconds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

const runPhases = [
  "ranging",
  "downloading",
  "activating",
  "done",
  "stopped",
] as const satisfies readonly OltStatus["phase"][];

/** Counters of the core, each with the name and help it is served with. */
const coreCounters = {
  sections: ["sections_total", "Download sections sent, repairs and parity included"],
  paritySections: ["parity_sections_total", "Parity sections sent"],
  sectionPayloadBytes: ["section_payload_bytes_total", "Payload bytes of all sections sent, image padding excluded"],
  windows: ["windows_total", "Windows sent"],
  windowsRepaired: ["windows_repaired_total", "Windows that needed a repair"],
  polls: ["polls_total", "Silent ONTs asked again with the last section of a window"],
  retries: ["retries_total", "Messages sent again because no answer came"],
} as const satisfies Partial<Record<keyof OltCounters, readonly [string, string]>>;
type CoreCounter = keyof typeof coreCounters;

/**
 * Prometheus metrics of one OLT, fed with its events and statuses. Names follow the Prometheus rules: base units, `_total`
 * on counters.
 */
export class OltMetrics {
  readonly registry: Registry;
  readonly #core: Map<CoreCounter, Counter>;
  /** Totals of the core as last seen: what a scrape gets is the sum of the differences. */
  readonly #seen = new Map<string, number>();
  readonly #repairSections: Counter<"reason">;
  readonly #repairs: Counter<"reason">;
  readonly #answerSeconds: Histogram;
  readonly #rollbacks: CauseCounter;
  readonly #failures: CauseCounter;
  readonly #droppedFrames: CauseCounter;
  readonly #leftGroup: Counter;
  readonly #wholeInstead: Counter;
  readonly #onts: Gauge<"state">;
  readonly #ontProgress: Gauge<"serial">;
  /** ONTs that have a series. */
  readonly #serials = new Set<string>();
  readonly #phase: Gauge<"phase">;
  readonly #imageBytes: Gauge;
  readonly #imageCopies: Gauge;
  readonly #progress: Gauge;
  readonly #traffic: Counter<"direction" | "layer">;
  readonly #frames: Counter<"direction">;

  constructor(registry: Registry = new Registry()) {
    this.registry = registry;
    const registers = [registry];
    const counter = <Label extends string = never>(
      name: string,
      help: string,
      labelNames: Label[] = [],
    ): Counter<Label> => new Counter({ name: `poncast_${name}`, help, labelNames, registers });
    const gauge = <Label extends string = never>(name: string, help: string, labelNames: Label[] = []): Gauge<Label> =>
      new Gauge({ name: `poncast_${name}`, help, labelNames, registers });
    const entries = Object.entries(coreCounters) as [CoreCounter, readonly [string, string]][];
    this.#core = new Map(entries.map(([key, [name, help]]) => [key, counter(name, help)]));
    this.#repairSections = counter("repair_sections_total", "Sections sent to repair, parity included, by reason", [
      "reason",
    ]);
    this.#repairs = counter("repairs_total", "Repairs sent, to the group or to one ONT, by reason", ["reason"]);
    this.#answerSeconds = new Histogram({
      name: "poncast_window_answer_seconds",
      help: "Time from the last section of a window to an ONT's answer",
      buckets: answerBucketsSeconds,
      registers,
    });
    this.#rollbacks = new CauseCounter(
      counter("rollbacks_total", "ONTs that went back to their old image, by cause", ["cause"]),
    );
    this.#failures = new CauseCounter(counter("ont_failures_total", "ONTs that failed, by cause", ["cause"]));
    this.#droppedFrames = new CauseCounter(
      counter("dropped_frames_total", "Upstream frames dropped, by cause", ["cause"]),
    );
    this.#leftGroup = counter("group_leaves_total", "ONTs that left a multicast group");
    this.#wholeInstead = counter("delta_refusals_total", "ONTs that took no delta and were sent the whole image");
    this.#onts = gauge("onts", "ONTs by state", ["state"]);
    this.#ontProgress = gauge("ont_progress_ratio", "Share of the image an ONT has answered for", ["serial"]);
    this.#phase = gauge("run_phase", "1 for the phase the run is in", ["phase"]);
    this.#imageBytes = gauge("image_bytes", "Size of the image");
    this.#imageCopies = gauge("image_copies", "Section payload sent as a multiple of the image: 1 is the least");
    this.#progress = gauge(
      "download_progress_ratio",
      "Share of the image the slowest group member, or the mean ONT in unicast, has answered for",
    );
    this.#traffic = counter("link_bytes_total", "Bytes of OMCI frames, and of the GEM frames that carry them", [
      "direction",
      "layer",
    ]);
    this.#frames = counter("link_frames_total", "OMCI frames", ["direction"]);
    this.#showZeros();
  }

  /** A series that is not there yet cannot be told from one that is 0: those with known labels are there from the start. */
  #showZeros(): void {
    for (const state of ONT_PHASES) this.#onts.set({ state }, 0);
    for (const phase of runPhases) this.#phase.set({ phase }, 0);
    for (const reason of ["missing", "silent"]) {
      this.#repairSections.inc({ reason }, 0);
      this.#repairs.inc({ reason }, 0);
    }
    for (const direction of ["down", "up"]) {
      this.#frames.inc({ direction }, 0);
      for (const layer of ["omci", "gem"]) this.#traffic.inc({ direction, layer }, 0);
    }
  }

  onEvent(event: OltEvent): void {
    switch (event.type) {
      case "windowAnswered":
        return this.#answerSeconds.observe(event.answerNs / NS_PER_SECOND);
      case "repair":
        this.#repairs.inc({ reason: event.reason });
        return this.#repairSections.inc({ reason: event.reason }, event.sections + event.paritySections);
      case "leftGroup":
        return this.#leftGroup.inc();
      case "wholeInstead":
        return this.#wholeInstead.inc();
      case "dropped":
        return this.#droppedFrames.count(event.cause, event.count);
      case "phase":
        if (event.phase === "rolledBack") this.#rollbacks.count(event.cause);
        if (event.phase === "failed") this.#failures.count(event.cause);
        return undefined;
      case "ranged":
      case "runPhase":
      case "windowSent":
      case "windowDone":
      case "retry":
      case "traffic":
      case "command":
        // The status has these as states and totals.
        return undefined;
    }
  }

  onStatus(status: OltStatus): void {
    const { counters, imageBytes } = status;
    for (const [key, counter] of this.#core) counter.inc(this.#growth(key, counters[key]));
    for (const phase of runPhases) this.#phase.set({ phase }, phase === status.phase ? 1 : 0);
    this.#imageBytes.set(imageBytes);
    this.#imageCopies.set(shareOf(counters.sectionPayloadBytes, imageBytes));
    this.#progress.set(shareOf(status.bytesDone, imageBytes));
    this.#showOnts(status.onts);
  }

  /** What went over the fibre; both totals only ever grow. */
  onTraffic({ downstream, upstream }: Pick<OltReport, "downstream" | "upstream">): void {
    for (const [direction, traffic] of [
      ["down", downstream],
      ["up", upstream],
    ] as const) {
      this.#frames.inc({ direction }, this.#growth(`${direction} frames`, traffic.frames));
      this.#traffic.inc({ direction, layer: "omci" }, this.#growth(`${direction} omci`, traffic.omciBytes));
      this.#traffic.inc({ direction, layer: "gem" }, this.#growth(`${direction} gem`, traffic.gemBytes));
    }
  }

  #showOnts(onts: readonly OltOntStatus[]): void {
    const counts = new Map<OntPhase, number>();
    for (const { phase } of onts) counts.set(phase, (counts.get(phase) ?? 0) + 1);
    for (const state of ONT_PHASES) this.#onts.set({ state }, counts.get(state) ?? 0);
    for (const { serial, bytesDone, payloadBytes } of onts) {
      if (!this.#serials.has(serial) && this.#serials.size >= ONT_SERIES_MAX) continue;
      this.#serials.add(serial);
      this.#ontProgress.set({ serial }, shareOf(bytesDone, payloadBytes));
    }
  }

  /** How far a total has grown; one that fell began again at 0, as after a restart of the core. */
  #growth(name: string, total: number): number {
    const before = this.#seen.get(name) ?? 0;
    this.#seen.set(name, total);
    return total >= before ? total - before : total;
  }
}

const shareOf = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** A counter by cause. Causes are text, so that only so many get a series of their own. */
class CauseCounter {
  readonly #counter: Counter<"cause">;
  readonly #causes = new Set<string>();

  constructor(counter: Counter<"cause">) {
    this.#counter = counter;
  }

  count(cause: string, by = 1): void {
    const known = this.#causes.has(cause) || this.#causes.size < CAUSE_SERIES_MAX;
    if (known) this.#causes.add(cause);
    this.#counter.inc({ cause: known ? cause : OTHER_CAUSE }, by);
  }
}

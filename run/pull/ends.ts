/** How far each ONT of a run is that fetches its image, over HTTPS, over TR-069 or by file, by what its road tells: in the words that an OLT has for it. */
import type { RoadEvent, UpdateState } from "../../ont/road/index.ts";
import type { OltEvent, OltOntStatus, OltStatus, OntPhase } from "../../olt/index.ts";
import type { OltReport } from "../../olt/process/index.ts";
import { newTraffic } from "../../pon/index.ts";
import type { OntPlan } from "../fleet/plan.ts";
import type { RunImages } from "../images/index.ts";
import { arrivedBytes, passesOf, type PullProgress, type UpdatingOnt, updatingOnt } from "./updating-ont.ts";

export type { PullProgress } from "./updating-ont.ts";

/** Polls, or sessions, after which a device has said what it is, and would have been given what there is for it. */
const POLLS_TO_KNOW = 3;

/** Nothing more comes of the update. */
const FINAL: ReadonlySet<OntPhase> = new Set(["committed", "rolledBack", "failed", "skipped"]);

/** Refusals that an OLT would have spared the ONT: the image is not for it (olt/core/eligibility.ts). */
const NOT_FOR_IT: ReadonlySet<string> = new Set([
  "wrong-product-code",
  "version-not-replaceable",
  "incompatible-hardware",
]);

/** How a device tells that nobody, or nothing of use, answered. */
const FAILED_POLL = "poll: ";

const PHASE_OF: Readonly<Record<UpdateState, OntPhase>> = {
  idle: "discovering",
  checking: "starting",
  downloading: "downloading",
  paused: "waiting",
  verifying: "ending",
  waiting: "stored",
  applying: "activating",
  rebooting: "rebooting",
  confirming: "soaking",
  committed: "committed",
  rolledBack: "rolledBack",
  failed: "failed",
};

/** A headend that may have nothing for a device, or another file after one that failed. */
export interface PulledFrom {
  /** For people. */
  name: string;
  /** What failed for a reason that may pass is asked for once more, in the session in which it is told of, or the next. */
  asksAgain: boolean;
}

const bytesDoneOf = ({ bytesDone, payloadBytes, endedNs }: OltOntStatus, heldBytes: number): number =>
  endedNs < 0 ? Math.max(bytesDone, Math.min(heldBytes, payloadBytes)) : bytesDone;

export class UpdateEnds {
  readonly #devices: readonly UpdatingOnt[];
  readonly #images: Pick<RunImages, "payloads" | "facts" | "targetOf">;
  readonly #onPhase: (nowNs: number, ont: number, event: OltEvent) => void;
  readonly #headend: PulledFrom | undefined;
  #firstStartNs = -1;
  #lastEndNs = -1;
  #firstActivateNs = -1;
  #lastCommitNs = -1;
  #finishedNs = -1;
  /** Payload bytes that the headend has told to have sent. */
  sentBytes = 0;
  /** Why it is over before all ONTs are; empty: it is not. */
  stopReason = "";
  /** The operator's. */
  isPaused = false;

  /**
   * @param headend undefined: there is none, and a folder has all that there is
   * @param onPhase hears of each step, for faults that wait for one
   */
  constructor(
    headend: PulledFrom | undefined,
    plans: readonly OntPlan[],
    images: Pick<RunImages, "payloads" | "facts" | "targetOf">,
    onPhase: (nowNs: number, ont: number, event: OltEvent) => void = () => undefined,
  ) {
    this.#headend = headend;
    this.#images = images;
    this.#onPhase = onPhase;
    this.#devices = plans.map((plan) => updatingOnt(plan, images));
  }

  handleEvent(nowNs: number, ont: number, event: RoadEvent): void {
    const device = this.#devices[ont];
    switch (event.type) {
      case "state":
        return this.#handleState(nowNs, ont, device, event.state, event.cause ?? "");
      case "transfer":
        return this.#handleTransfer(nowNs, device, event.imageBytes);
      case "reported":
        if (event.execution !== "closed") return;
        device.isTold = this.#headend === undefined || !this.#mayComeAgain(device);
        device.waitsForPolls = this.#headend?.asksAgain === true ? 0 : POLLS_TO_KNOW;
        return;
      case "dropped":
        if (event.cause.startsWith(FAILED_POLL)) device.failedPolls += 1;
        if (device.status.phase === "discovering") device.status.cause = event.cause;
        return;
    }
  }

  /** There may be another file for what has just ended: after a delta an image. */
  #mayComeAgain({ state, status }: UpdatingOnt): boolean {
    if (state === "committed") return false;
    const isDelta = this.#images.payloads[status.payload].kind === "delta";
    return isDelta || (state === "failed" && this.#headend?.asksAgain === true);
  }

  #handleState(nowNs: number, ont: number, device: UpdatingOnt, state: UpdateState, cause: string): void {
    const { status } = device;
    // It has told the headend, and waits for something new.
    if (state === "idle" && FINAL.has(status.phase)) return;
    device.state = state;
    status.phase = state === "failed" && NOT_FOR_IT.has(cause) ? "skipped" : PHASE_OF[state];
    status.cause = state === "committed" ? "" : cause;
    if (state === "waiting" || state === "applying") this.#stored(nowNs, status);
    if (state === "applying" && this.#firstActivateNs < 0) this.#firstActivateNs = nowNs;
    if (state === "committed") {
      this.#stored(nowNs, status);
      this.#lastCommitNs = nowNs;
      status.version = this.#images.facts.version;
    }
    this.#onPhase(nowNs, ont, { type: "phase", onuId: ont, phase: status.phase, cause });
  }

  #stored(nowNs: number, status: OltOntStatus): void {
    if (status.startedNs < 0 || status.endedNs >= 0) return;
    status.endedNs = nowNs;
    status.bytesDone = status.payloadBytes;
    this.#lastEndNs = nowNs;
  }

  /** The first bytes of a file came. Payloads for other hardware, and deltas from other versions, may be as long. */
  #handleTransfer(nowNs: number, { plan, status }: UpdatingOnt, fileBytes: number): void {
    const { version, hardware } = plan.properties;
    const payload = this.#images.payloads.findIndex(
      (one) =>
        one.bytes === fileBytes &&
        (one.hardware.length === 0 || one.hardware.includes(hardware)) &&
        (one.baseVersion === null || one.baseVersion === version),
    );
    if (payload >= 0) Object.assign(status, { payload, payloadBytes: fileBytes });
    if (status.startedNs < 0) status.startedNs = nowNs;
    if (this.#firstStartNs < 0) this.#firstStartNs = nowNs;
  }

  handleProgress(nowNs: number, ont: number, progress: PullProgress): void {
    const { state, action, receivedBytes, heldBytes } = progress;
    const device = this.#devices[ont];
    // It has begun anew, and counts anew.
    if (progress.receivedBytes < device.receivedBytes || progress.polls < device.askedPolls) this.handleLifeEnded(ont);
    device.askedPolls = progress.polls;
    const polls = progress.polls - device.failedPolls;
    const { status } = device;
    device.receivedBytes = receivedBytes;
    status.bytesDone = bytesDoneOf(status, heldBytes);
    // Nothing is begun while it is paused.
    if (device.waitsForPolls >= 0 && polls > device.polls && !this.isPaused) {
      device.waitsForPolls -= polls - device.polls;
      // What it is at now has an end of its own.
      device.isTold ||= device.waitsForPolls < 0 && action === "";
    }
    device.polls = polls;
    if (device.leftOut !== "" && progress.polls > device.leftOutPolls && state === "idle" && action === "")
      return this.#end(nowNs, ont, device, device.leftOut);
    if (this.#headend === undefined || this.isPaused || polls < POLLS_TO_KNOW) return;
    if (state === "idle" && action === "" && status.startedNs < 0)
      this.#end(nowNs, ont, device, `${this.#headend.name} has nothing for it`);
  }

  /** It is at nothing, and nothing will come. */
  #end(nowNs: number, ont: number, device: UpdatingOnt, cause: string): void {
    device.isTold = true;
    if (FINAL.has(device.status.phase)) return;
    const phase = cause === this.stopReason ? "failed" : "skipped";
    Object.assign(device.status, { phase, cause });
    this.#onPhase(nowNs, ont, { type: "phase", onuId: ont, phase, cause });
  }

  /** The headend gives it nothing any more; it hears of that by the second poll from now on at the latest. */
  handleSkipped(ont: number, cause: string): void {
    const device = this.#devices[ont];
    device.leftOut = cause;
    device.leftOutPolls = device.askedPolls + 1;
  }

  /** As `handleSkipped`, for all that have not ended. */
  handleAborted(cause: string): void {
    this.stopReason = cause;
    for (const ont of this.#devices.keys()) if (!this.hasEnded(ont)) this.handleSkipped(ont, cause);
  }

  hasEnded(ont: number): boolean {
    return FINAL.has(this.#devices[ont].status.phase);
  }

  /** What it received is counted anew from its next life on. */
  handleLifeEnded(ont: number): void {
    const device = this.#devices[ont];
    device.endedLivesBytes += device.receivedBytes;
    // It counts its polls anew.
    if (device.leftOut !== "") device.leftOutPolls = 1;
    device.receivedBytes = 0;
    device.askedPolls = 0;
    device.polls = 0;
    device.failedPolls = 0;
  }

  /** It is told to begin, perhaps once more: what came of it before counts no longer. */
  begin(ont: number): void {
    const device = this.#devices[ont];
    Object.assign(device.status, { phase: "discovering", cause: "", endedNs: -1 });
    Object.assign(device, { state: "idle", isTold: false, waitsForPolls: -1, askedPolls: 0, polls: 0, failedPolls: 0 });
  }

  /** How its update has ended; undefined: it has not, or the headend does not know. */
  endOf(ont: number): { phase: OntPhase; cause: string } | undefined {
    const { isTold, status } = this.#devices[ont];
    return isTold && FINAL.has(status.phase) ? { phase: status.phase, cause: status.cause } : undefined;
  }

  /** It will not come back. */
  handleGivenUp(ont: number, cause: string): void {
    const device = this.#devices[ont];
    Object.assign(device.status, { phase: "failed", cause });
    device.isTold = true;
  }

  /** Every update has ended, and the headend knows how. */
  get isFinished(): boolean {
    return this.#devices.every(({ isTold, status }) => isTold && FINAL.has(status.phase));
  }

  noteFinished(nowNs: number): void {
    if (this.#finishedNs < 0) this.#finishedNs = nowNs;
  }

  /** @param heldBytes of each ONT's file, where somebody looks between two tellings; nothing is noted of it */
  status(heldBytes: (ont: number) => number = () => 0): OltStatus {
    const onts = this.#devices.map(({ status }, ont) => ({
      ...status,
      bytesDone: bytesDoneOf(status, heldBytes(ont)),
    }));
    const done = onts.reduce((sum, { bytesDone, payloadBytes }) => sum + bytesDone / payloadBytes, 0);
    const imageBytes = this.#images.facts.bytes;
    return {
      phase: this.#finishedNs >= 0 ? "done" : this.#firstStartNs < 0 ? "ranging" : this.#phase(),
      stopReason: this.stopReason,
      imageBytes,
      bytesDone: Math.round((done / onts.length) * imageBytes),
      firstStartNs: this.#firstStartNs,
      lastWindowAnsweredNs: this.#lastEndNs,
      lastEndNs: this.#lastEndNs,
      firstActivateNs: this.#firstActivateNs,
      lastCommitNs: this.#lastCommitNs,
      finishedNs: this.#finishedNs,
      counters: {
        sections: 0,
        repairSections: 0,
        paritySections: 0,
        sectionPayloadBytes: this.#downstreamBytes,
        windows: 0,
        windowsRepaired: 0,
        polls: 0,
        retries: 0,
      },
      groups: passesOf(this.#devices),
      onts,
      control: { paused: this.isPaused, aborting: this.stopReason !== "", rateBytesPerSecond: Infinity },
    };
  }

  /** One that was killed has not told of what it sent last; what came to the devices it has sent. Of files that are carried there, nobody has sent any. */
  get #downstreamBytes(): number {
    return this.#headend === undefined ? this.sentBytes : Math.max(this.sentBytes, arrivedBytes(this.#devices));
  }

  /** As an OLT would report it; what such a headend sends are bytes of files. */
  report(heldBytes?: (ont: number) => number): OltReport {
    const downstream = { ...newTraffic(), gemBytes: this.#downstreamBytes };
    return { status: this.status(heldBytes), downstream, upstream: newTraffic(), eventsLost: 0 };
  }

  #phase(): OltStatus["phase"] {
    const isDownloading = this.#devices.some(({ status }) => status.endedNs < 0 && !FINAL.has(status.phase));
    return isDownloading ? "downloading" : "activating";
  }
}

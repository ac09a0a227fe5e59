/** OMCI as a road of a campaign in processes: a distribution is a life of the OLT's process, for the ONTs that it is given. */
import type { Deferred, Effect, Scope } from "effect";
import type { UpdateEnd } from "../../../headend/campaign/core/index.ts";
import type { OltCommand, OltCommandOutcome, OltEvent } from "../../../olt/core/types.ts";
import type { FromOlt, OltAddress, OltProcessConfig } from "../../../olt/process/index.ts";
import { type End, finish } from "../../processes/end.ts";
import { OltProcess } from "../../processes/olt-process.ts";
import type { RunState } from "../../processes/run-state.ts";
import type { OltTotals } from "../../result/olt-history.ts";
import { OmciUpdates } from "../omci-updates.ts";
import type { ProcessOnt } from "./ont.ts";

const BY = "the campaign";
/** Processes have one port. */
const PON = 0;
/** Of ONTs that are not in the distribution, and ask whether they may come. */
const OUTSIDE = "unexpected-serial";

export interface CampaignOmciOptions {
  entry: string;
  log: number;
  state: RunState;
  end: Deferred.Deferred<End>;
  oltConfig: OltProcessConfig;
  onts: readonly ProcessOnt[];
  after: (delayNs: number, call: () => void) => void;
  ended: (ont: ProcessOnt, end: UpdateEnd, cause: string) => void;
}

export class OmciProcessRoad {
  readonly #options: CampaignOmciOptions;
  readonly #olt: OltProcess;
  readonly #updates: OmciUpdates<ProcessOnt>;
  readonly #bySerial: ReadonlyMap<string, ProcessOnt>;
  /** Whom the distribution is for; undefined: none has begun. */
  #admitted: Set<ProcessOnt> | undefined;
  #distributions = 0;
  #killedStarts = 0;
  #hasFinished = true;
  /** It has said that it ends: how, until its process has said so, too. */
  #lastPhase: Extract<OltEvent, { type: "runPhase" }> | undefined;

  constructor(options: CampaignOmciOptions) {
    const { entry, log, state, end, onts, ended, after } = options;
    this.#options = options;
    this.#bySerial = new Map(onts.map((ont) => [ont.plan.serial, ont]));
    this.#olt = new OltProcess(PON, {
      entry,
      log,
      state,
      config: () => this.#config(),
      onReady: () => this.#tellAdmitted(),
      onMessage: (message) => this.#handle(message),
      onFailed: (text) => finish(end, { reason: "failed", text }),
      lifeOf: () => this.#lifeOf(),
    });
    this.#updates = new OmciUpdates({
      admit: (_pon, admitted) => this.#admit(admitted),
      release: (ont) => this.#release(ont),
      skip: ({ plan: { serial } }) => void this.command({ kind: "skip", serial, ahead: true, by: BY }),
      hasFinished: () => this.#hasFinished,
      soon: (call) => after(0, call),
      ended,
    });
  }

  get pid(): number | undefined {
    return this.#olt.pid;
  }

  get cpuSeconds(): number {
    return this.#olt.cpuSeconds;
  }

  /** Beside those with which a distribution began. */
  get restarts(): number {
    return this.#killedStarts;
  }

  get address(): OltAddress | undefined {
    return this.#olt.address;
  }

  start(onts: readonly ProcessOnt[]): void {
    this.#updates.start(onts);
  }

  stop(ont: ProcessOnt): void {
    this.#updates.stop(ont);
  }

  kill(offMs: number): void {
    this.#olt.kill(offMs);
  }

  command(command: OltCommand): Promise<OltCommandOutcome> {
    return this.#olt.command(command);
  }

  /** While a distribution is under way. */
  pause(isPaused: boolean, by: string | undefined): void {
    if (!this.#hasFinished) void this.command({ kind: isPaused ? "pause" : "resume", ...(by !== undefined && { by }) });
  }

  totals(): OltTotals | undefined {
    return this.#distributions === 0 ? undefined : this.#options.state.totals();
  }

  listen(): Effect.Effect<void, never, Scope.Scope> {
    return this.#olt.start();
  }

  end(): Effect.Effect<void> {
    return this.#olt.stop();
  }

  /** The first one listens, and is there for nobody: ONTs have to know where it is. */
  #config(): OltProcessConfig {
    const { oltConfig } = this.#options;
    const serials = [...(this.#admitted ?? [])].map(({ plan }) => plan.serial);
    const expected = { serials, isClosed: true };
    const isForNobody = this.#admitted === undefined;
    const [expectedOnts, knownOnts] = [serials.length, serials.length];
    return {
      ...oltConfig,
      expected,
      // What it tells decides what is begun next.
      promptEvents: true,
      ...(isForNobody ? { awaitsFleet: true } : { olt: { ...oltConfig.olt, expectedOnts, knownOnts } }),
    };
  }

  #lifeOf(): number | undefined {
    if (this.#admitted === undefined) return undefined;
    return this.#distributions + this.#killedStarts;
  }

  #admit(onts: readonly ProcessOnt[]): void {
    const isNew = this.#admitted === undefined || this.#hasFinished || this.#admitted.size === 0;
    if (isNew) this.#admitted = new Set();
    for (const ont of onts) this.#admitted!.add(ont);
    if (!isNew) return this.#tellAdmitted();
    this.#hasFinished = false;
    this.#lastPhase = undefined;
    this.#distributions += 1;
    this.#olt.renew();
  }

  /** Told twice is told once. */
  #tellAdmitted(): void {
    const serials = [...(this.#admitted ?? [])].map(({ plan }) => plan.serial);
    if (this.#olt.isReady && serials.length > 0) this.#olt.send({ type: "admit", serials });
  }

  #release(ont: ProcessOnt): void {
    this.#admitted?.delete(ont);
    this.#olt.send({ type: "release", serials: [ont.plan.serial] });
  }

  #handle(message: FromOlt): void {
    const { state } = this.#options;
    // Of the one that is for nobody, or has made way.
    if (this.#admitted === undefined) return;
    if (message.type !== "events") state.handleOlt(message);
    else for (const timed of message.events) this.#handleEvent(...timed);
    if (message.type !== "finished") return;
    this.#hasFinished = true;
    const last = this.#lastPhase;
    this.#lastPhase = undefined;
    if (last !== undefined) this.#updates.handleOlt(PON, undefined, last);
  }

  #handleEvent(timeNs: number, event: OltEvent): void {
    const { state } = this.#options;
    if (event.type === "dropped" && event.cause === OUTSIDE) return;
    state.handleOlt({ type: "events", events: [[timeNs, event]] });
    if (event.type === "runPhase") this.#lastPhase = event;
    if (!("onuId" in event)) return;
    const serial = state.serialOf(PON, event.onuId);
    if (serial !== undefined) this.#updates.handleOlt(PON, this.#bySerial.get(serial), event);
  }
}

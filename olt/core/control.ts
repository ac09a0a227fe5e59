/** The operator's hand on an OLT: pause, resume, abort, skip, retry, release, rate; what each does, and when it is refused. */
import { BROADCAST } from "../../pon/types.ts";
import {
  type OltCommand,
  type OltCommandOutcome,
  RATE_BITS_PER_SECOND_MAX,
  RATE_BITS_PER_SECOND_MIN,
} from "./command.ts";
import type { OltContext } from "./context.ts";
import { PausableClock } from "./pausable-clock.ts";
import type { Session } from "./session.ts";
import type { Whom, Withdrawals } from "./withdraw.ts";
import type { DownstreamSink, Olt, OltEvent, OltStatus } from "./types.ts";

/**
 * Between two questions to an ONT in the middle of a download while paused. G.988 asks no ONT to watch a download (B.2),
 * ours do not; the shortest watch seen in the field is minutes (docs/reference.md, 4.4).
 */
const KEEP_ALIVE_NS = 10e9;
/** Ids of commands that are remembered. */
const IDS_MAX = 1000;
const BITS_PER_BYTE = 8;

/** What control needs of the core that it is around; all times are the core's. */
export interface SteeredOlt extends Omit<Olt, "handleCommand" | "status" | "pollEvent"> {
  status(): Omit<OltStatus, "control">;
  readonly sessions: ReadonlyMap<number, Session>;
  readonly withdrawals: Withdrawals;
  abort(nowNs: number, ahead: boolean): void;
  skip(nowNs: number, whom: Whom): void;
  retry(nowNs: number, whom: Whom): void;
  /** Why not; empty: it can be. */
  refuseRelease(): string;
  release(nowNs: number): void;
}

/**
 * One OLT with an operator: a core that knows nothing of pauses, in a time that has none. While paused nothing leaves but
 * questions that keep a download from being given up; what comes up is taken.
 */
export class OltControl implements Olt {
  readonly #core: SteeredOlt;
  readonly #context: OltContext;
  readonly #clock = new PausableClock();
  readonly #known = new Map<string, OltCommandOutcome>();
  #keepAliveNs = Infinity;

  constructor(core: SteeredOlt, context: OltContext) {
    this.#core = core;
    this.#context = context;
  }

  get finished(): boolean {
    return this.#core.finished;
  }

  handleCommand(nowNs: number, command: OltCommand): OltCommandOutcome {
    const { id } = command;
    const before = id === undefined ? undefined : this.#known.get(id);
    if (before !== undefined) return before;
    const outcome = this.#carryOut(nowNs, command);
    if (id !== undefined) this.#remember(id, outcome);
    return outcome;
  }

  handleRanged(nowNs: number, onuId: number, serial: string): void {
    this.#core.handleRanged(this.#clock.toCore(nowNs), onuId, serial);
  }

  handleLinkLost(nowNs: number, onuId: number): void {
    this.#core.handleLinkLost(this.#clock.toCore(nowNs), onuId);
  }

  handleFrame(nowNs: number, onuId: number, pdu: Uint8Array): void {
    this.#core.handleFrame(this.#clock.toCore(nowNs), onuId, pdu);
  }

  handleTimeout(nowNs: number): void {
    if (!this.#clock.isPaused) this.#core.handleTimeout(this.#clock.toCore(nowNs));
  }

  handleLateness(nowNs: number, lateNs: number): void {
    this.#core.handleLateness(this.#clock.toCore(nowNs), lateNs);
  }

  handleFleet(nowNs: number, onts: number | "starting"): void {
    this.#core.handleFleet(this.#clock.toCore(nowNs), onts);
  }

  pollTransmit(nowNs: number, sink: DownstreamSink): void {
    if (!this.#clock.isPaused) return this.#core.pollTransmit(this.#clock.toCore(nowNs), sink);
    if (nowNs < this.#keepAliveNs) return;
    this.#keepAliveNs = nowNs + KEEP_ALIVE_NS;
    for (const session of this.#core.sessions.values()) {
      const pdu = session.keepAlive();
      if (pdu !== undefined) sink.frame(session.onuId, pdu, pdu.length);
    }
  }

  pollEvent(): OltEvent | undefined {
    return this.#context.takeEvent();
  }

  nextTimeoutNs(): number {
    if (this.#clock.isPaused) return this.#core.finished ? Infinity : this.#keepAliveNs;
    return this.#clock.dueNs(this.#core.nextTimeoutNs());
  }

  status(): OltStatus {
    const status = this.#core.status();
    const at = (coreNs: number): number => this.#clock.toRun(coreNs);
    return {
      ...status,
      firstStartNs: at(status.firstStartNs),
      lastWindowAnsweredNs: at(status.lastWindowAnsweredNs),
      lastEndNs: at(status.lastEndNs),
      firstActivateNs: at(status.firstActivateNs),
      lastCommitNs: at(status.lastCommitNs),
      finishedNs: at(status.finishedNs),
      groups: status.groups.map((group) => ({ ...group, startNs: at(group.startNs), endNs: at(group.endNs) })),
      onts: status.onts.map((ont) => ({ ...ont, startedNs: at(ont.startedNs), endedNs: at(ont.endedNs) })),
      control: {
        paused: this.#clock.isPaused,
        aborting: this.#core.withdrawals.isAborting,
        rateBytesPerSecond: this.#context.pacer.rateBytesPerSecond,
      },
    };
  }

  #carryOut(nowNs: number, command: OltCommand): OltCommandOutcome {
    const refused = this.#refusalOf(command);
    this.#context.emit({
      type: "command",
      command: command.kind,
      onuId: this.#onuIdOf(command),
      ...(command.kind === "rate" && command.bitsPerSecond !== null && { bitsPerSecond: command.bitsPerSecond }),
      by: command.by ?? "",
      id: command.id ?? "",
      refused,
    });
    if (refused !== "") return { accepted: false, reason: refused };
    this.#apply(nowNs, command);
    return { accepted: true };
  }

  #refusalOf(command: OltCommand): string {
    const { kind } = command;
    if (this.#core.finished) return "the OLT is done";
    if (this.#core.withdrawals.isAborting) return "the run is being aborted";
    if (kind === "pause" && this.#clock.isPaused) return "it is paused already";
    if (kind === "resume" && !this.#clock.isPaused) return "it is not paused";
    if (kind === "skip") return this.#core.withdrawals.refuseSkip(command);
    if (kind === "retry") return this.#core.withdrawals.refuseRetry(command);
    if (kind === "release") return this.#clock.isPaused ? "it is paused: resume first" : this.#core.refuseRelease();
    if (kind !== "rate" || command.bitsPerSecond === null) return "";
    const { bitsPerSecond } = command;
    const isGood = bitsPerSecond >= RATE_BITS_PER_SECOND_MIN && bitsPerSecond <= RATE_BITS_PER_SECOND_MAX;
    return isGood ? "" : `a rate is ${RATE_BITS_PER_SECOND_MIN} to ${RATE_BITS_PER_SECOND_MAX} bit/s`;
  }

  #apply(nowNs: number, command: OltCommand): void {
    switch (command.kind) {
      case "pause":
        this.#clock.pause(nowNs);
        this.#keepAliveNs = nowNs + KEEP_ALIVE_NS;
        return;
      case "resume":
        return this.#clock.resume(nowNs);
      case "abort":
        if (this.#clock.isPaused) this.#clock.resume(nowNs);
        return this.#core.abort(this.#clock.toCore(nowNs), command.ahead === true);
      case "rate": {
        const bytesPerSecond = command.bitsPerSecond === null ? Infinity : command.bitsPerSecond / BITS_PER_BYTE;
        return this.#context.pacer.changeRate(this.#clock.toCore(nowNs), bytesPerSecond);
      }
      case "skip":
        return this.#core.skip(this.#clock.toCore(nowNs), command);
      case "retry":
        return this.#core.retry(this.#clock.toCore(nowNs), command);
      case "release":
        return this.#core.release(this.#clock.toCore(nowNs));
    }
  }

  #onuIdOf(command: OltCommand): number {
    if (command.kind !== "skip" && command.kind !== "retry") return BROADCAST;
    return this.#core.withdrawals.find(command)?.onuId ?? BROADCAST;
  }

  #remember(id: string, outcome: OltCommandOutcome): void {
    const [oldest] = this.#known.keys();
    if (this.#known.size >= IDS_MAX && oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(id, outcome);
  }
}

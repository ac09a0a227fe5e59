/** One OLT port: who is there, what each ONT needs, and what may begin when. */
import { decodeMessage, type Message } from "../../omci/index.ts";
import { AllEnded } from "./all-ended.ts";
import { Attendance } from "./attendance.ts";
import { OltContext } from "./context.ts";
import { discover } from "./discovery.ts";
import { Downloads } from "./downloads.ts";
import { needAmong } from "./eligibility.ts";
import { Rollout } from "./rollout.ts";
import { Session } from "./session.ts";
import { SessionDeadlines } from "./session-deadlines.ts";
import type { ImageSource } from "../../image/index.ts";
import { ABORTED } from "./command.ts";
import { OltControl, type SteeredOlt } from "./control.ts";
import { type Whom, Withdrawals } from "./withdraw.ts";
import { portStatusOf } from "./status.ts";
import type { DownstreamSink, Olt, OltConfig, OltStatus } from "./types.ts";

/** Makes one OLT port; see `Olt` for how a driver pulls it. */
export function createOlt(config: OltConfig, images: ImageSource | readonly ImageSource[]): Olt {
  const context = new OltContext(config, "read" in images ? [images] : images);
  return new OltControl(new OltCore(context), context);
}

class OltCore implements SteeredOlt {
  readonly #context: OltContext;
  readonly sessions = new Map<number, Session>();
  readonly #deadlines: SessionDeadlines;
  readonly #allEnded: AllEnded;
  readonly #downloads: Downloads;
  readonly #rollout: Rollout;
  readonly withdrawals: Withdrawals;
  /** Sessions whose discovery is under way. */
  readonly #discovering = new Set<Session>();
  /** Sessions that were silent, and whose second discovery the beginning waits for, or has waited for. */
  readonly #askedAgain = new Set<Session>();
  #phase: OltStatus["phase"] = "ranging";
  readonly #attendance: Attendance;
  #runEndsNs = Infinity;
  /** Everybody who is here has ended. */
  #awaitsArrivals = false;
  #finishedNs = -1;
  #timeoutNs = Infinity;

  constructor(context: OltContext) {
    this.#context = context;
    this.#deadlines = new SessionDeadlines(context, this.sessions);
    this.#allEnded = new AllEnded(this.sessions, context.config.activate);
    this.#attendance = new Attendance(context.config);
    this.#downloads = new Downloads(context, (session, nowNs) => this.#awaitReturn(session, nowNs));
    this.#rollout = new Rollout(context);
    this.withdrawals = new Withdrawals({
      context,
      sessions: this.sessions,
      downloads: this.#downloads,
      rollout: this.#rollout,
      done: (nowNs) => this.#step(nowNs),
    });
  }

  get finished(): boolean {
    return this.#finishedNs >= 0;
  }

  handleRanged(nowNs: number, onuId: number, serial: string): void {
    this.#context.emit({ type: "ranged", onuId, serial });
    // Who comes after the end of the run is the next OLT's.
    if (this.finished) return;
    let session = this.sessions.get(onuId);
    if (!session || session.serial !== serial) {
      if (session) this.#downloads.remove(session, nowNs);
      session = new Session(this.#context, onuId, serial);
      this.sessions.set(onuId, session);
    }
    if (this.#runEndsNs === Infinity) {
      this.#attendance.handleFirst(nowNs);
      this.#runEndsNs = nowNs + this.#context.config.limits.runNs;
    }
    session.linkUp(nowNs);
    this.#downloads.remove(session, nowNs);
    const activation = this.#rollout.activations.get(onuId);
    if (activation && session.is("isActivating")) activation.handleRanged(nowNs);
    else if (this.withdrawals.handleRestart(session, nowNs)) return;
    else if (this.withdrawals.mayRunImage(session)) this.#discover(session, nowNs);
    else if (this.withdrawals.hasToldAll(session)) this.withdrawals.refuse(session);
    else if (!session.is("isSettled") || session.phase === "failed") this.#discover(session, nowNs);
    this.#step(nowNs);
  }

  handleLinkLost(nowNs: number, onuId: number): void {
    const session = this.sessions.get(onuId);
    if (!session || !session.online) return;
    session.linkDown();
    if (this.finished || session.is("isSettled")) return session.reset(nowNs);
    if (session.phase === "rebooting") return;
    session.reset(nowNs);
    this.#downloads.remove(session, nowNs);
    this.#discovering.delete(session);
    const activation = this.#rollout.activations.get(onuId);
    if (activation && session.is("isActivating")) activation.handleLinkLost(nowNs);
    else if (this.withdrawals.handleRestart(session, nowNs)) return;
    else this.#awaitReturn(session, nowNs);
    this.#step(nowNs);
  }

  handleFrame(nowNs: number, onuId: number, pdu: Uint8Array): void {
    const session = this.sessions.get(onuId);
    const decoded = decodeMessage(pdu);
    if (!decoded.ok) return this.#context.emit({ type: "dropped", onuId, cause: decoded.cause });
    const { message } = decoded;
    if (!session) return this.#context.emit({ type: "dropped", onuId, cause: "unknown-onu" });
    // Attribute value changes are news only: what the rollout needs it reads.
    if (message.type === "avc") return;
    if (message.type === "other" || !session.handleAnswer(nowNs, message as Message)) {
      return this.#context.emit({ type: "dropped", onuId, cause: "unexpected-answer" });
    }
    this.#step(nowNs);
  }

  handleTimeout(nowNs: number): void {
    this.#deadlines.handleTimeout(nowNs);
    if (!this.withdrawals.isAborting) this.#downloads.handleTimeout(nowNs);
    this.#step(nowNs);
  }

  abort(nowNs: number, ahead: boolean): void {
    // Who is still to come may be on trial for an OLT before this one.
    if (this.sessions.size === 0) this.#attendance.handleAbort(nowNs, ahead);
    this.#setPhase("stopped", ABORTED);
    this.#rollout.stopReason ||= ABORTED;
    this.withdrawals.abort(nowNs);
    this.#afterWithdrawal(nowNs);
  }

  skip(nowNs: number, whom: Whom): void {
    this.withdrawals.skip(nowNs, whom);
    this.#afterWithdrawal(nowNs);
  }

  retry(nowNs: number, whom: Whom): void {
    const session = this.withdrawals.letIn(whom, nowNs);
    if (session !== undefined) this.#discover(session, nowNs);
  }

  refuseRelease = (): string => this.#rollout.refuseRelease(this.#stored());

  release(nowNs: number): void {
    // Others may still download: then that is what the port does.
    if (this.#downloads.firstGroupsDone) this.#setPhase("activating");
    this.#rollout.release(this.#stored(), nowNs);
    this.#step(nowNs);
  }

  readonly #stored = (): Session[] => [...this.sessions.values()].filter(({ phase }) => phase === "stored");

  #afterWithdrawal(nowNs: number): void {
    for (const session of this.#discovering) if (this.withdrawals.tookOut(session)) this.#discovering.delete(session);
    this.#step(nowNs);
  }

  handleLateness(nowNs: number, lateNs: number): void {
    this.#context.lateness.note(nowNs, lateNs);
  }

  handleFleet(nowNs: number, onts: number | "starting"): void {
    this.#attendance.handleFleet(nowNs, onts, this.sessions.size);
    this.#step(nowNs);
  }

  pollTransmit(nowNs: number, sink: DownstreamSink): void {
    this.#context.outbox.pump(nowNs, sink);
    this.#timeoutNs = this.#context.outbox.nextTimeoutNs(nowNs);
  }

  nextTimeoutNs(): number {
    let nextNs = this.#timeoutNs;
    if (!this.withdrawals.isAborting) nextNs = Math.min(nextNs, this.#downloads.nextTimeoutNs());
    if (this.finished) return nextNs;
    nextNs = Math.min(nextNs, this.#attendance.beginsByNs, this.#runEndsNs, this.#deadlines.nextNs);
    return this.#awaitsArrivals ? Math.min(nextNs, this.#attendance.endsFromNs) : nextNs;
  }

  #discover(session: Session, nowNs: number): void {
    session.enter({ phase: "discovering" });
    session.speak("baseline");
    this.#discovering.add(session);
    this.#rollout.leave(session);
    discover(this.#context, session, nowNs, (answered, atNs) => {
      // Whoever was silent is asked once more before the others begin: later it would cost a copy of the image.
      const holds = !answered && !this.#attendance.hasBegun && session.online && !this.#askedAgain.has(session);
      if (holds) this.#askedAgain.add(session);
      else this.#discovering.delete(session);
      if (!answered) this.#awaitReturn(session, atNs);
      else this.#decide(session, atNs);
    });
  }

  #decide(session: Session, nowNs: number): void {
    const need = needAmong(this.#context, session.facts);
    if (this.withdrawals.isOut(session)) return this.withdrawals.takeBack(session, need, nowNs);
    if (this.#attendance.hasBegun) session.progress.markLate();
    switch (need.kind) {
      case "skip":
        return session.enter({ phase: "skipped", cause: need.cause });
      case "impossible":
        return session.enter({ phase: "failed", cause: need.cause });
      case "stored":
      case "trial":
        session.aimAt(need.instance);
        session.progress.reach(session.payload.imageBytes);
        return session.enter({ phase: "stored" });
      case "download":
        session.aimAt(need.instance);
        session.progress.reach(0);
        session.enter({ phase: "ready" });
        if (this.#attendance.hasBegun) this.#downloads.add(session, nowNs);
    }
  }

  /** Gives a lost ONT time to come back: by ranging, or, while its signal is there, by an answer after all. */
  #awaitReturn(session: Session, nowNs: number): void {
    const { limits } = this.#context.config;
    const giveUpNs = session.silentSinceNs(nowNs) + limits.returnWaitNs;
    session.enter({ phase: "silent" });
    const nextNs = session.online ? Math.min(giveUpNs, nowNs + limits.answerTimeoutNs) : giveUpNs;
    session.wait(nextNs, (atNs) => {
      if (atNs >= giveUpNs) session.enter({ phase: "failed", cause: "lost: did not answer and did not come back" });
      else this.#discover(session, atNs);
      this.#step(atNs);
    });
  }

  /** What may begin now that something has changed. */
  #step(nowNs: number): void {
    if (this.finished) return;
    if (nowNs >= this.#runEndsNs) return this.#stopAll("the run took longer than its limit", nowNs);
    if (!this.#attendance.hasBegun) {
      if (!this.#attendance.mayBegin(nowNs, this.sessions.size, this.#discovering.size)) return;
      this.#begin(nowNs);
    }
    if (this.withdrawals.isAborting) return void (this.#finishedNs = this.withdrawals.allOver ? nowNs : -1);
    this.#downloads.advance(() => this.#attendance.missing(this.sessions), nowNs);
    this.#advanceRollout(nowNs);
    this.#checkFinished(nowNs);
  }

  #begin(nowNs: number): void {
    this.#attendance.begin();
    if (this.withdrawals.isAborting) return;
    this.#setPhase("downloading");
    const ready = [...this.sessions.values()].filter(({ phase, online }) => phase === "ready" && online);
    this.#downloads.begin(ready, nowNs);
  }

  /** Called at each step: what it costs while all download is what a step costs. */
  #advanceRollout(nowNs: number): void {
    if (!this.#context.config.activate || this.#rollout.running) return;
    // The group and those on their way to End go first; stragglers and late ONTs join a later stage.
    if (!this.#downloads.firstGroupsDone || this.#downloads.isEndingTogether) return;
    for (const session of this.sessions.values())
      if (session.online && session.progress.isFirstPass && session.is("holdsUpRollout")) return;
    const ready = this.#stored();
    if (ready.length > 0 && this.#rollout.stopReason === "") this.#setPhase("activating");
    this.#rollout.advance(ready, nowNs);
    if (this.#rollout.stopReason !== "" && this.#phase !== "stopped") this.#stopAll(this.#rollout.stopReason, nowNs);
  }

  #stopAll(reason: string, nowNs: number): void {
    this.#setPhase("stopped", reason);
    this.#rollout.stopReason ||= reason;
    this.withdrawals.stopAll(`rollout stopped: ${reason}`, nowNs);
    this.#finishedNs = nowNs;
  }

  #checkFinished(nowNs: number): void {
    this.#awaitsArrivals = false;
    if (this.finished || !this.#downloads.idle || this.#discovering.size > 0 || this.#rollout.running) return;
    if (!this.#allEnded.isSo) return;
    this.#awaitsArrivals = !this.#attendance.mayEnd(nowNs, this.sessions.size);
    if (this.#awaitsArrivals) return;
    this.#finishedNs = nowNs;
    this.#setPhase("done");
  }

  #setPhase(phase: OltStatus["phase"], reason = ""): void {
    if (this.#phase === phase) return;
    this.#phase = phase;
    this.#context.emit({ type: "runPhase", phase, reason });
  }

  status(): Omit<OltStatus, "control"> {
    return {
      ...portStatusOf(this.#context, [...this.sessions.values()], this.#downloads.firstGroup?.shareDone),
      phase: this.#phase,
      stopReason: this.#rollout.stopReason,
      finishedNs: this.#finishedNs,
    };
  }
}

/** The way back of one ONT whose update an operator ends: to its old image, with nothing half-written left valid. */
import { RESULT } from "../../omci/index.ts";
import { ABORTED, SKIPPED } from "./command.ts";
import type { OltContext } from "./context.ts";
import type { Need } from "./eligibility.ts";
import { readImages } from "./discovery.ts";
import type { Downloads } from "./downloads.ts";
import { abortRequest } from "./end-software-download.ts";
import type { Rollout } from "./rollout.ts";
import type { OntState, Session } from "./session.ts";
import { type Withdrawal, withdrawnState } from "./withdrawal.ts";

/** An ONT by its serial number or its ONU-ID; `ahead`: also one that is still to come. */
export interface Whom {
  serial?: string;
  onuId?: number;
  ahead?: true;
}

interface WithdrawalParts {
  context: OltContext;
  sessions: ReadonlyMap<number, Session>;
  downloads: Downloads;
  rollout: Rollout;
  /** One has come to its end. */
  done: (nowNs: number) => void;
}

/**
 * What G.988 allows where an ONT stands (docs/reference.md, 3 and 7):
 * - in a download: End with size 0, which brings both sides back to S1; repeated while the ONT is busy or silent;
 * - stored: nothing takes a valid image back but a new Start, so that it stays where it is, not active, not committed;
 * - activated and not committed: Activate of the committed image (S4 to S3), which does what a reboot would, at once and with
 *   an answer; a request under way is let end before;
 * - committed: stays so.
 */
export class Withdrawals {
  readonly #parts: WithdrawalParts;
  /** Whose downloads are being aborted. */
  readonly #open = new Map<Session, Withdrawal>();
  /** Serial numbers of ONTs that an operator has taken out, some before they came. */
  readonly #skipped = new Set<string>();
  /** Who came back behind a failed activation, and was asked what runs. */
  readonly #askedAgain = new Set<Session>();
  #isAborting = false;

  constructor(parts: WithdrawalParts) {
    this.#parts = parts;
  }

  get isAborting(): boolean {
    return this.#isAborting;
  }

  /** Nobody is on its way any more. */
  get allOver(): boolean {
    return [...this.#parts.sessions.values()].every((session) => session.is("isSettled") || session.phase === "stored");
  }

  /** Nothing goes on: who is not done goes back to its old image. */
  abort(nowNs: number): void {
    const { sessions, downloads, context } = this.#parts;
    this.#isAborting = true;
    const all = [...sessions.values()];
    for (const session of all) downloads.remove(session, nowNs);
    // What the groups still had to send; who would have been next has begun in vain.
    context.outbox.clearSections();
    for (const session of all) this.#withdraw(session, nowNs);
  }

  /** The run ends for all who are still on their way, without a word to them. */
  stopAll(cause: string, nowNs: number): void {
    for (const session of this.#parts.sessions.values()) {
      if (session.is("isSettled")) continue;
      session.reset(nowNs);
      this.#parts.downloads.remove(session, nowNs);
      if (session.phase === "stored") session.enter({ phase: "stored", cause: `not activated: ${cause}` });
      else session.enter({ phase: "failed", cause });
    }
  }

  /** Why one cannot be skipped; empty: it can. */
  refuseSkip(whom: Whom): string {
    const session = this.find(whom);
    const name = whom.serial ?? `with ONU-ID ${whom.onuId}`;
    if (session === undefined) return whom.ahead === true && whom.serial !== undefined ? "" : `no ONT ${name} is here`;
    const { phase } = session;
    return phase === "skipped" || phase === "committed" ? `ONT ${name} is ${phase} already` : "";
  }

  skip(nowNs: number, whom: Whom): void {
    const session = this.find(whom);
    const serial = session?.serial ?? whom.serial;
    if (serial !== undefined) this.#skipped.add(serial);
    if (session === undefined) return;
    this.#parts.downloads.remove(session, nowNs);
    this.#withdraw(session, nowNs);
  }

  /** Why one cannot be taken up again; empty: it can. */
  refuseRetry(whom: Whom): string {
    const session = this.find(whom);
    const name = whom.serial ?? `with ONU-ID ${whom.onuId}`;
    if (session === undefined) return `no ONT ${name} is here`;
    const { phase, online } = session;
    if (phase !== "skipped" && !session.is("isFailure"))
      return session.is("isSettled") ? `ONT ${name} is ${phase} already` : `ONT ${name} is on its way`;
    return online ? "" : `ONT ${name} gives no signal`;
  }

  /** One that had come to its end may go on. What it took before no longer counts against it. */
  letIn(whom: Whom, nowNs: number): Session | undefined {
    const session = this.find(whom);
    if (session === undefined) return undefined;
    this.#skipped.delete(session.serial);
    this.#askedAgain.delete(session);
    session.progress.forgiveRestarts();
    session.linkUp(nowNs);
    return session;
  }

  /** Nothing is to be done any more with this ONT, but to take it back. */
  isOut({ serial }: Session): boolean {
    return this.#isAborting || this.#skipped.has(serial);
  }

  /** Nothing that it may tell is waited for, unlike others that were silent and are to be asked once more. */
  tookOut(session: Session): boolean {
    return this.isOut(session) && session.phase !== "discovering";
  }

  /**
   * One of those that comes back, was activated, and failed on the way to Commit: the new image may run on trial. Asked once,
   * since one that never goes back would come again and again.
   */
  mayRunImage(session: Session): boolean {
    const hasFailed = session.phase === "failed" || session.phase === "skipped";
    if (!this.isOut(session) || !hasFailed || !this.#wasActivated(session) || this.#askedAgain.has(session))
      return false;
    this.#askedAgain.add(session);
    return true;
  }

  /** One that is out, and of which it is known what it has. */
  hasToldAll(session: Session): boolean {
    return this.isOut(session) && session.isDiscovered && session.phase !== "silent";
  }

  #wasActivated({ onuId }: Session): boolean {
    return this.#parts.rollout.activations.has(onuId);
  }

  /** One of those that came back, with nothing of the update in it, is told as such. */
  refuse(session: Session): void {
    const isOver = session.is("isSettled") && session.phase !== "failed";
    if (!isOver && session.phase !== "stored") session.enter(withdrawnState(this.#withdrawalOf(session), "none"));
  }

  /** One of those that has only now told what it has: an OLT before this one may have left it in a download, or on trial. */
  takeBack(session: Session, need: Need, nowNs: number): void {
    switch (need.kind) {
      case "skip":
      case "impossible":
        return this.refuse(session);
      case "stored":
      case "trial":
        session.aimAt(need.instance);
        session.enter({ phase: "stored" });
        return this.#withdraw(session, nowNs);
      case "download":
        session.aimAt(need.instance);
        return this.#abortDownload(session, nowNs);
    }
  }

  /** Its signal is gone, or it has ranged again: no download survives that. @returns whether its way back is over so */
  handleRestart(session: Session, nowNs: number): boolean {
    const withdrawal = this.#open.get(session);
    if (withdrawal === undefined) return false;
    this.#settle(session, withdrawnState(withdrawal, "none"), nowNs);
    return true;
  }

  find({ serial, onuId }: Whom): Session | undefined {
    return [...this.#parts.sessions.values()].find((session) => session.serial === serial || session.onuId === onuId);
  }

  #withdrawalOf({ serial }: Session): Withdrawal {
    return this.#skipped.has(serial) ? { cause: SKIPPED, isSkip: true } : { cause: ABORTED, isSkip: false };
  }

  /** The ONT is out of all downloads already. */
  #withdraw(session: Session, nowNs: number): void {
    const { phase, progress, online } = session;
    const { active, committed } = session.targetImage;
    const failedOnTrial = phase === "failed" && this.#wasActivated(session) && active && !committed;
    if (failedOnTrial && online) return this.#parts.rollout.withdraw(session, this.#withdrawalOf(session), nowNs);
    // One that failed may still come back, but nothing of it goes on.
    if (session.is("isSettled") && phase !== "trial") return this.refuse(session);
    // What it has shows when it has told.
    if (!session.isDiscovered || phase === "discovering" || this.#mayComeBackOnTrial(session)) return;
    const withdrawal = this.#withdrawalOf(session);
    const onTrial = phase === "stored" && session.targetImage.active;
    if (session.is("isActivating") || phase === "trial" || onTrial)
      return this.#parts.rollout.withdraw(session, withdrawal, nowNs);
    if (phase === "stored") {
      session.reset(nowNs);
      return session.enter(withdrawnState(withdrawal, "stored"));
    }
    if (progress.startedNs >= 0 && online) return this.#abortDownload(session, nowNs);
    session.reset(nowNs);
    session.enter(withdrawnState(withdrawal, "none"));
  }

  /** Lost before this OLT took it up: a lost signal ends no trial, and only the ONT can tell whether a power cut did. */
  #mayComeBackOnTrial({ phase, facts }: Session): boolean {
    return phase === "silent" && facts.images.some(({ active, committed }) => active && !committed);
  }

  #abortDownload(session: Session, nowNs: number): void {
    const withdrawal = this.#withdrawalOf(session);
    const { messageSet } = session;
    session.reset(nowNs);
    session.speak(messageSet);
    session.enter({ phase: "withdrawing", cause: withdrawal.cause });
    this.#open.set(session, withdrawal);
    this.#askToAbort(session, nowNs + this.#parts.context.config.limits.busyWaitNs);
  }

  #askToAbort(session: Session, giveUpNs: number): void {
    const withdrawal = this.#open.get(session);
    if (withdrawal === undefined) return;
    const instanceId = session.targetInstance;
    session.request(
      abortRequest(instanceId),
      { instanceId },
      {
        onSilent: (atNs) => this.#settle(session, withdrawnState(withdrawal, "none", "it did not answer"), atNs),
        onAnswer: (message, atNs) => {
          const result = "result" in message ? message.result : RESULT.processingError;
          if (result === RESULT.ok) return this.#settle(session, withdrawnState(withdrawal, "none"), atNs);
          if (result === RESULT.deviceBusy && atNs < giveUpNs) {
            return session.wait(atNs + this.#parts.context.config.limits.busyPollNs, () =>
              this.#askToAbort(session, giveUpNs),
            );
          }
          this.#lookWhatItHas(session, withdrawal, atNs);
        },
      },
    );
  }

  /** There was no download to abort: none had begun, or End came through before. */
  #lookWhatItHas(session: Session, withdrawal: Withdrawal, nowNs: number): void {
    readImages(session, nowNs, (_answered, atNs) => {
      const { valid, version } = session.targetImage;
      const isStored = valid && version === this.#parts.context.image.version;
      this.#settle(session, withdrawnState(withdrawal, isStored ? "stored" : "none"), atNs);
    });
  }

  #settle(session: Session, state: OntState, nowNs: number): void {
    this.#open.delete(session);
    session.cancelRequest();
    session.cancelWait();
    session.enter(state);
    this.#parts.done(nowNs);
  }
}

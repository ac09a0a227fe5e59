/** The way back of one ONT whose update an operator ends: to its old image, with nothing half-written left valid. */
import { RESULT } from "../../omci/index.ts";
import { ABORTED, SKIPPED } from "./command.ts";
import type { OltContext } from "./context.ts";
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
    for (const session of all) this.#withdraw(session, { cause: ABORTED, isSkip: false }, nowNs);
  }

  /** Why one cannot be skipped; empty: it can. */
  refuseSkip(whom: Whom): string {
    const session = this.find(whom);
    const name = whom.serial ?? `with ONU-ID ${whom.onuId}`;
    if (session === undefined) return whom.ahead === true && whom.serial !== undefined ? "" : `no ONT ${name} is here`;
    const { phase } = session;
    return phase === "skipped" || phase === "committed" ? `ONT ${name} is ${phase} already` : "";
  }

  /** @returns who it is, if it is here */
  skip(nowNs: number, whom: Whom): Session | undefined {
    const session = this.find(whom);
    const serial = session?.serial ?? whom.serial;
    if (serial !== undefined) this.#skipped.add(serial);
    if (session === undefined) return undefined;
    this.#parts.downloads.remove(session, nowNs);
    this.#withdraw(session, { cause: SKIPPED, isSkip: true }, nowNs);
    return session;
  }

  /** One that came, or came back, when nothing is to be done with it any more, is told as such. @returns whether it is one */
  refuses(session: Session): boolean {
    const withdrawal = this.#skipped.has(session.serial)
      ? { cause: SKIPPED, isSkip: true }
      : { cause: ABORTED, isSkip: false };
    if (!withdrawal.isSkip && !this.#isAborting) return false;
    const isOver = session.is("isSettled") && session.phase !== "failed";
    if (!isOver && session.phase !== "stored") session.enter(withdrawnState(withdrawal, "none"));
    return true;
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

  #withdraw(session: Session, withdrawal: Withdrawal, nowNs: number): void {
    // One that failed may still come back, but nothing of it goes on.
    if (session.is("isSettled") && session.phase !== "trial") this.refuses(session);
    else this.#begin(session, withdrawal, nowNs);
  }

  /** The ONT is out of all downloads already. */
  #begin(session: Session, withdrawal: Withdrawal, nowNs: number): void {
    const { phase, messageSet, progress, online } = session;
    const onTrial = phase === "stored" && session.targetImage.active;
    if (session.is("isActivating") || phase === "trial" || onTrial)
      return this.#parts.rollout.withdraw(session, withdrawal, nowNs);
    session.reset(nowNs);
    if (phase === "stored") return session.enter(withdrawnState(withdrawal, "stored"));
    if (progress.startedNs < 0 || !online) return session.enter(withdrawnState(withdrawal, "none"));
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

/** From the stored image to the committed one: Activate, reboot, soak, Commit. */
import type { OltContext } from "./context.ts";
import { readImages, readTrialOutcome } from "./discovery.ts";
import { type Outcome, requestUntilNotBusy } from "./end-software-download.ts";
import { activeInstanceOf } from "./facts.ts";
import { ACTIVATIONS_MAX, activationReturnNs, UNEXPLAINED_MAX } from "./policy.ts";
import type { OntState, Session } from "./session.ts";
import { type Withdrawal, withdrawnState } from "./withdrawal.ts";

/**
 * Activate, wait for the reboot, see the new image run, soak, commit (G.988 9.1.4). The session ends `committed`,
 * `rolledBack` or `failed`; or `stored` (and is activated again) where a power cut, not the image, ended the trial.
 */
export class Activation {
  readonly #context: OltContext;
  readonly #session: Session;
  readonly #done: (nowNs: number) => void;
  #activations = 0;
  #unexplained = 0;
  /** Set: an operator has ended it, and the old image is to run. */
  #withdrawal: Withdrawal | null = null;
  #rollBacks = 0;

  constructor(context: OltContext, session: Session, done: (nowNs: number) => void) {
    this.#context = context;
    this.#session = session;
    this.#done = done;
  }

  start(nowNs: number): void {
    const session = this.#session;
    this.#activations++;
    if (this.#context.firstActivateNs < 0) this.#context.firstActivateNs = nowNs;
    session.enter({ phase: "activating" });
    const body = { type: "activateImageRequest" as const, flags: 0 };
    requestUntilNotBusy(this.#context, session, nowNs, "Activate", body, (outcome, atNs) => {
      // Nobody answered, for long: as if it had been, it ends with the ONT ranging again, or not.
      if (outcome.ok || outcome.silent) return this.#awaitReboot(atNs);
      this.#finish({ phase: "failed", cause: outcome.cause }, atNs);
    });
  }

  /**
   * An operator ends it. A request that has left is let end, as it may have had its effect; what then runs on trial is
   * rolled back by Activate of the committed image (S4 to S3, G.988 9.1.4).
   */
  withdraw(withdrawal: Withdrawal, nowNs: number): void {
    const session = this.#session;
    this.#withdrawal = withdrawal;
    const { phase, online } = session;
    if (phase === "trial" || phase === "stored") return this.#rollBack(nowNs);
    if (!online || phase === "rebooting" || phase === "rollingBack") return;
    if (session.isAsking && phase !== "soaking") return;
    // Not sent yet, or to be sent again later: it is not any more.
    session.cancelRequest();
    session.cancelWait();
    this.#context.outbox.drop(session.onuId, nowNs);
    if (phase === "soaking") this.#rollBack(nowNs);
    else this.handleRanged(nowNs);
  }

  /** The new image runs already (another OLT activated it): soak and commit. */
  startAtTrial(nowNs: number): void {
    this.#activations++;
    this.#soak(nowNs);
  }

  /** Ranged again, after the reboot or a power cut. */
  handleRanged(nowNs: number): void {
    const session = this.#session;
    const { phase } = session;
    const hadBooted = session.is("hasBooted");
    readImages(session, nowNs, (answered, atNs) => {
      if (!answered) return this.#lost(atNs);
      const running = session.targetImage;
      if (running.active && running.committed) return this.#finish({ phase: "committed" }, atNs);
      if (this.#withdrawal !== null)
        return running.active ? this.#rollBack(atNs) : this.#finish(this.#oldRuns(this.#withdrawal), atNs);
      if (running.active) return this.#soak(atNs);
      // The link went before Activate was answered: the ONT may never have got it.
      if (phase === "activating") return this.#again("Activate was not answered", atNs);
      readTrialOutcome(session, atNs, (trial, afterNs) => {
        const wasCutOff = trial === "notFailed" || (trial === "unknown" && this.#mayBeCutOff(hadBooted));
        if (wasCutOff) return this.#again("the trial was cut off", afterNs);
        const { version } = session.facts.images[Math.max(0, activeInstanceOf(session.facts))];
        // Power cuts look the same where the ONT does not say: then nobody may call the image bad.
        const why =
          trial === "failed"
            ? "the new image did not boot"
            : `${this.#unexplained} trials ended, the ONT cannot tell why`;
        this.#finish({ phase: "rolledBack", cause: `${why}; runs ${version} again` }, afterNs);
      });
    });
  }

  /**
   * An ONT that cannot tell why it runs the old image again. If the new one had answered, it boots, and something else
   * ended the trial. If not, a power cut in the middle of the boot looks like an image that does not boot: it is given
   * one more chance.
   */
  #mayBeCutOff(hadBooted: boolean): boolean {
    if (hadBooted) return true;
    this.#unexplained++;
    return this.#unexplained <= UNEXPLAINED_MAX;
  }

  /** The link is lost: the ONT has to come back. */
  handleLinkLost(nowNs: number): void {
    this.#awaitReturn(nowNs);
  }

  /** Runs the old image: taken back, or never activated. */
  #oldRuns(withdrawal: Withdrawal): OntState {
    return withdrawnState(withdrawal, this.#rollBacks > 0 ? "rolledBack" : "stored");
  }

  #rollBack(nowNs: number): void {
    const session = this.#session;
    if (++this.#rollBacks > ACTIVATIONS_MAX)
      return this.#finish({ phase: "failed", cause: "does not go back to its old image" }, nowNs);
    session.enter({ phase: "rollingBack", cause: this.#withdrawal?.cause ?? "" });
    const body = { type: "activateImageRequest" as const, flags: 0 };
    const committed = 1 - session.targetInstance;
    const answered = (outcome: Outcome, atNs: number): void => {
      if (outcome.ok || outcome.silent) return this.#awaitReturnFrom(atNs);
      this.#finish({ phase: "failed", cause: `back to the old image: ${outcome.cause}` }, atNs);
    };
    requestUntilNotBusy(this.#context, session, nowNs, "Activate", body, answered, undefined, committed);
  }

  #awaitReboot(nowNs: number): void {
    this.#session.enter({ phase: "rebooting" });
    this.#awaitReturnFrom(nowNs);
  }

  #awaitReturnFrom(nowNs: number): void {
    const session = this.#session;
    session.wait(nowNs + this.#context.config.limits.rebootWaitNs, (atNs) =>
      this.#finish({ phase: "failed", cause: "did not come back after Activate" }, atNs),
    );
  }

  #awaitReturn(nowNs: number): void {
    const waitNs = activationReturnNs(this.#context.config.limits);
    this.#session.wait(nowNs + waitNs, (atNs) =>
      this.#finish({ phase: "failed", cause: "lost during activation" }, atNs),
    );
  }

  #soak(nowNs: number): void {
    const session = this.#session;
    session.enter({ phase: "soaking" });
    session.wait(nowNs + this.#context.config.soakNs, (soakedNs) =>
      readImages(session, soakedNs, (answered, atNs) => {
        if (!answered) return this.#lost(atNs);
        if (!session.targetImage.active) return this.#again("the trial was cut off", atNs);
        if (this.#context.config.commit) return this.#commit(atNs);
        this.#finish({ phase: "trial" }, atNs);
      }),
    );
  }

  #commit(nowNs: number): void {
    const session = this.#session;
    session.enter({ phase: "committing" });
    const body = { type: "commitImageRequest" as const };
    requestUntilNotBusy(this.#context, session, nowNs, "Commit", body, (outcome, atNs) => this.#verify(outcome, atNs));
  }

  /** The flags, not the answer, tell whether Commit took effect. */
  #verify(outcome: Outcome, nowNs: number): void {
    const session = this.#session;
    if (!outcome.ok && outcome.silent) return this.#lost(nowNs);
    readImages(session, nowNs, (answered, atNs) => {
      if (!answered) return this.#lost(atNs);
      const image = session.targetImage;
      if (this.#withdrawal !== null && image.active && !image.committed) return this.#rollBack(atNs);
      if (image.committed && image.active) return this.#finish({ phase: "committed" }, atNs);
      this.#finish(
        { phase: "failed", cause: outcome.ok ? "Commit was answered ok, but did not commit" : outcome.cause },
        atNs,
      );
    });
  }

  #again(cause: string, nowNs: number): void {
    if (this.#withdrawal !== null) return this.#finish(this.#oldRuns(this.#withdrawal), nowNs);
    if (this.#activations >= ACTIVATIONS_MAX)
      return this.#finish({ phase: "rolledBack", cause: `${cause} ${this.#activations} times` }, nowNs);
    this.start(nowNs);
  }

  /** Silent in the middle: asked again while its signal is there, else it has to come back by ranging. */
  #lost(nowNs: number): void {
    const session = this.#session;
    if (!session.online) return this.#awaitReturn(nowNs);
    const { limits } = this.#context.config;
    if (nowNs >= session.silentSinceNs(nowNs) + limits.returnWaitNs)
      return this.#finish({ phase: "failed", cause: "lost during activation" }, nowNs);
    session.wait(nowNs + limits.answerTimeoutNs, (atNs) => this.handleRanged(atNs));
  }

  #finish(state: OntState, nowNs: number): void {
    const withdrawal = this.#withdrawal;
    const hasFailed = withdrawal !== null && state.phase === "failed";
    if (state.phase === "committed") this.#context.lastCommitNs = nowNs;
    this.#session.cancelWait();
    this.#session.enter(hasFailed ? withdrawnState(withdrawal, "none", state.cause) : state);
    this.#done(nowNs);
  }
}

/** Which ONTs activate when, and when no more of them do. */
import { Activation } from "./activation.ts";
import type { OltContext } from "./context.ts";
import { stageSize } from "./policy.ts";
import type { Session } from "./session.ts";
import type { Withdrawal } from "./withdrawal.ts";

/** Canary first, then waves; stops when too many of a stage fail. */
export class Rollout {
  readonly activations = new Map<number, Activation>();
  stopReason = "";
  readonly #context: OltContext;
  #stage: Session[] = [];
  #stagesDone = 0;

  constructor(context: OltContext) {
    this.#context = context;
  }

  get running(): boolean {
    return this.#stage.length > 0;
  }

  /** Starts the next stage with what is stored (or in trial already) when none is under way. */
  advance(ready: readonly Session[], nowNs: number): void {
    if (this.stopReason !== "" || this.#stage.length > 0 || ready.length === 0) return;
    this.#stage = ready.slice(0, stageSize(this.#context.config, this.#stagesDone, ready.length));
    for (const session of this.#stage) {
      const activation = new Activation(this.#context, session, () => this.#settled());
      this.activations.set(session.onuId, activation);
    }
    // A second loop: an activation may settle at once, and the stage has to be complete by then.
    const stage = this.#stage;
    for (const session of stage) {
      const activation = this.activations.get(session.onuId)!;
      if (session.targetImage.active) activation.startAtTrial(nowNs);
      else activation.start(nowNs);
    }
  }

  /** An operator ends the update of an ONT that is activated and not committed. */
  withdraw(session: Session, withdrawal: Withdrawal, nowNs: number): void {
    let activation = this.activations.get(session.onuId);
    if (activation === undefined || session.phase === "stored") {
      activation = new Activation(this.#context, session, () => this.#settled());
      this.activations.set(session.onuId, activation);
    }
    activation.withdraw(withdrawal, nowNs);
  }

  #settled(): void {
    // Somebody whose stage is over is taken back.
    if (this.#stage.length === 0) return;
    const open = this.#stage.filter((session) => !session.is("isSettled"));
    if (open.length > 0) return;
    const failures = this.#stage.filter((session) => session.is("isFailure"));
    const share = failures.length / this.#stage.length;
    const isCanary = this.#stagesDone === 0 && this.#context.config.canary > 0;
    if (share > this.#context.config.failureThreshold) {
      const name = isCanary ? "canary" : `wave ${this.#stagesDone}`;
      this.stopReason =
        `${name}: ${failures.length} of ${this.#stage.length} failed, ` +
        `more than ${formatShare(this.#context.config.failureThreshold)} allowed (${failures[0].cause})`;
    }
    this.#stage = [];
    this.#stagesDone++;
  }
}

const formatShare = (share: number): string => `${Math.round(share * 1000) / 10} %`;

/** Which ONTs activate when, and when no more of them do. */
import { Activation } from "./activation.ts";
import type { OltContext } from "./context.ts";
import { stageSize } from "./policy.ts";
import type { Session } from "./session.ts";
import type { Withdrawal } from "./withdrawal.ts";

interface Stage {
  number: number;
  sessions: Session[];
}

/** Canary first, then waves; stops when too many of a stage fail. */
export class Rollout {
  readonly activations = new Map<number, Activation>();
  stopReason = "";
  readonly #context: OltContext;
  /** One at a time, unless an operator releases the next before. */
  #open: Stage[] = [];
  #begun = 0;

  constructor(context: OltContext) {
    this.#context = context;
  }

  get running(): boolean {
    return this.#open.length > 0;
  }

  /** Starts the next stage with what is stored (or in trial already) when none is under way. */
  advance(ready: readonly Session[], nowNs: number): void {
    if (this.stopReason !== "" || this.running || ready.length === 0) return;
    this.#begin(ready, nowNs);
  }

  /** Why an operator cannot have the next stage now; empty: it can be had. */
  refuseRelease(ready: readonly Session[]): string {
    if (!this.#context.config.activate) return "this run activates nothing";
    if (this.stopReason !== "") return `the rollout stops: ${this.stopReason}`;
    return ready.length === 0 ? "no ONT has its image stored and waits for its wave" : "";
  }

  /** The next stage beside those that are under way. */
  release(ready: readonly Session[], nowNs: number): void {
    this.#begin(ready, nowNs);
  }

  /** One that had failed is taken up again: its stage goes on without it, as what it comes to is for a later one. */
  leave(session: Session): void {
    for (const stage of this.#open) stage.sessions = stage.sessions.filter((each) => each !== session);
    this.#open = this.#open.filter(({ sessions }) => sessions.length > 0);
    // It may have been the last one that its stage waited for.
    this.#settled();
  }

  #begin(ready: readonly Session[], nowNs: number): void {
    const number = this.#begun++;
    const sessions = ready.slice(0, stageSize(this.#context.config, number, ready.length));
    this.#open.push({ number, sessions });
    for (const session of sessions) {
      const activation = new Activation(this.#context, session, () => this.#settled());
      this.activations.set(session.onuId, activation);
    }
    // A second loop: an activation may settle at once, and the stage has to be complete by then.
    for (const session of sessions) {
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
    for (const stage of this.#open.slice())
      if (stage.sessions.every((session) => session.is("isSettled"))) this.#close(stage);
  }

  #close(stage: Stage): void {
    const { number, sessions } = stage;
    const { canary, failureThreshold } = this.#context.config;
    this.#open = this.#open.filter((each) => each !== stage);
    const failures = sessions.filter((session) => session.is("isFailure"));
    if (failures.length / sessions.length <= failureThreshold || this.stopReason !== "") return;
    const name = number === 0 && canary > 0 ? "canary" : `wave ${number}`;
    this.stopReason =
      `${name}: ${failures.length} of ${sessions.length} failed, ` +
      `more than ${formatShare(failureThreshold)} allowed (${failures[0].cause})`;
  }
}

const formatShare = (share: number): string => `${Math.round(share * 1000) / 10} %`;

import { dropSession } from "./activation.ts";
import {
  afterFailure,
  afterSuccess,
  bootOutcome,
  chooseBoot,
  nextRecord,
  type BootOutcome,
  type BootRole,
} from "./boot.ts";
import type { OntContext, RestartKind } from "./context.ts";
import type { Slot } from "./types.ts";

/** A boot under way, and how it will end at its deadline. */
interface Boot {
  slot: Slot;
  role: BootRole | "soft";
  attempt: number;
  outcome: BootOutcome;
  deadlineNs: number;
}

/**
 * The life of the ONT between power-on and power cut: boot attempts, watchdog, fall-back, restarts. A restart inside the
 * core is a restart by the boot loader; a power cut is the end of the object, and power-on makes another from the record.
 */
export class Power {
  readonly #ctx: OntContext;
  #boot: Boot | null = null;
  #fallbackFailures = 0;
  /** Why the image that boots now is not the one that was asked for. */
  #rollBackCause: string | null = null;

  constructor(ctx: OntContext) {
    this.#ctx = ctx;
  }

  get isUp(): boolean {
    return this.#boot === null && this.#ctx.running !== null;
  }

  /** When the boot under way ends; Infinity when none is. */
  get deadlineNs(): number {
    return this.#boot?.deadlineNs ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Power-on: the boot loader chooses by the record alone. What was activated and not committed does not outlive a power
   * failure (figure 9.1.4-1, S4 to S3), whether it had come as far as booting or not.
   */
  powerOn(nowNs: number): void {
    const { config, record } = this.#ctx;
    const keepsTrial = config.quirks.noFallbackAfterReboot === true;
    if (record.trial !== null && !keepsTrial) this.#ctx.adoptRecord(nextRecord(record, { trial: null }));
    this.#load(nowNs);
  }

  /** The restart that an Activate or Reboot was answered for. */
  restart(nowNs: number, kind: RestartKind): void {
    const ctx = this.#ctx;
    const { running, record } = ctx;
    dropSession(ctx, nowNs);
    ctx.events.push({ type: "offline", reason: kind === "reboot" ? "reboot" : "activate" });
    this.#fallbackFailures = 0;
    this.#rollBackCause = null;
    if (kind === "soft" && running !== null) {
      this.#begin(nowNs, { slot: running, role: "soft", attempt: 1 }, "boots");
      return;
    }
    const leavesTrial = running !== record.committed && record.trial === null && !ctx.committedSinceStart;
    if (leavesTrial) this.#rollBackCause = kind === "reboot" ? "restarted before Commit" : "committed image activated";
    this.#load(nowNs);
  }

  /** The boot under way has come to its end, good or bad. */
  finishBoot(nowNs: number): void {
    const boot = this.#boot;
    if (boot === null) return;
    this.#boot = null;
    if (boot.outcome === "boots") this.#up(boot);
    else this.#failed(nowNs, boot, boot.outcome);
  }

  #load(nowNs: number): void {
    const ctx = this.#ctx;
    const wasOnTrial = ctx.record.trial !== null;
    const choice = chooseBoot(ctx.record, this.#fallbackFailures);
    ctx.adoptRecord(choice.record);
    const image = choice.kind === "boot" ? ctx.record.slots[choice.slot] : null;
    if (choice.kind === "nothingBoots" || image === null) {
      ctx.running = null;
      ctx.setState("failed", "no image boots");
      return;
    }
    if (choice.fellBack !== null) {
      ctx.events.push({ type: "fellBack", ...choice.fellBack });
      this.#rollBackCause ??= "the image did not boot";
      if (wasOnTrial) ctx.trialOutcome = "failed";
    }
    this.#begin(nowNs, choice, bootOutcome(ctx.config.boot, ctx.record, image, choice.attempt));
  }

  #begin(nowNs: number, choice: Pick<Boot, "slot" | "role" | "attempt">, outcome: BootOutcome): void {
    const ctx = this.#ctx;
    const { slot, role, attempt } = choice;
    const { bootNs, watchdogNs } = ctx.config.timing;
    ctx.running = slot;
    // After a fall-back the figure stays that of the image that did not boot.
    if (this.#rollBackCause === null) ctx.bootAttempts = attempt;
    ctx.events.push({ type: "bootAttempt", slot, attempt });
    ctx.setState("rebooting");
    this.#boot = {
      slot,
      role,
      attempt,
      outcome,
      deadlineNs: nowNs + (outcome === "hangs" ? watchdogNs : bootNs),
    };
  }

  #up(boot: Boot): void {
    const ctx = this.#ctx;
    if (boot.role !== "soft") {
      const keepsTrial = ctx.config.quirks.noFallbackAfterReboot === true;
      ctx.adoptRecord(afterSuccess(ctx.record, boot.role, keepsTrial));
    }
    if (boot.role === "trial") ctx.trialOutcome = "booted";
    ctx.events.push({ type: "online", activeSlot: boot.slot });
    if (this.#rollBackCause !== null) ctx.setState("rolledBack", this.#rollBackCause);
    else if (boot.slot !== ctx.record.committed) ctx.setState("trial");
    else ctx.setState(ctx.committedSinceStart ? "committed" : "idle");
  }

  #failed(nowNs: number, boot: Boot, how: "hangs" | "crashes"): void {
    const ctx = this.#ctx;
    ctx.events.push({ type: "bootFailed", slot: boot.slot, attempt: boot.attempt, how });
    ctx.events.push({ type: "offline", reason: how === "hangs" ? "watchdog" : "crash" });
    if (boot.role === "fallback") this.#fallbackFailures += 1;
    else if (boot.role !== "soft") ctx.adoptRecord(afterFailure(ctx.record, boot.role));
    this.#load(nowNs);
  }
}

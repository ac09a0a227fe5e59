/** The life of an ONT between power-on and power cut: boots, watchdog, fall-back, restarts. */
import { DAMAGED, dropSession } from "./activation.ts";
import {
  afterFailure,
  afterSuccess,
  bootOutcome,
  chooseBoot,
  nextRecord,
  withImage,
  type BootOutcome,
  type BootRole,
  type RestartKind,
} from "./boot.ts";
import type { OntContext } from "./context.ts";
import { HELD } from "./diagnostic.ts";
import type { Slot } from "./types.ts";

/** A boot under way, and how it will end at its deadline. */
interface Boot {
  slot: Slot;
  role: BootRole | "soft";
  attempt: number;
  outcome: BootOutcome;
  deadlineNs: number;
  /** The boot loader still looks whether the image is what it was when it was stored: it is not booted before. */
  isUnchecked: boolean;
}

/**
 * The life of the ONT between power-on and power cut: boot attempts, watchdog, fall-back, restarts. A restart inside the
 * core is a restart by the boot loader; a power cut is the end of the object, and power-on makes another from the record.
 */
export class Power {
  readonly #context: OntContext;
  #boot: Boot | null = null;
  #fallbackFailures = 0;
  /** Why the image that boots now is not the one that was asked for. */
  #rollBackCause: string | null = null;

  constructor(context: OntContext) {
    this.#context = context;
  }

  get isUp(): boolean {
    return this.#boot === null && this.#context.running !== null;
  }

  /** When the boot under way ends; Infinity when none is. */
  get deadlineNs(): number {
    return this.#boot === null || this.#boot.isUnchecked ? Infinity : this.#boot.deadlineNs;
  }

  /**
   * Power-on: the boot loader chooses by the record alone. What was activated and not committed does not outlive a power
   * failure (figure 9.1.4-1, S4 to S3), whether it had come as far as booting or not.
   */
  powerOn(nowNs: number): void {
    const { behaviour, record } = this.#context;
    if (record.trial !== null && !behaviour.keepsTrial) this.#context.adoptRecord(nextRecord(record, { trial: null }));
    if (this.#context.config.diagnostic === true || record.diagnostic === true) this.#hold();
    else this.#load(nowNs);
  }

  /** The restart that an Activate or Reboot was answered for. */
  restart(nowNs: number, kind: RestartKind): void {
    const context = this.#context;
    const { running, record } = context;
    dropSession(context, nowNs);
    // A boot loader in diagnostic mode is not online.
    if (context.diagnostic === null)
      context.events.push({ type: "offline", reason: kind === "activate" || kind === "soft" ? "activate" : "reboot" });
    this.#fallbackFailures = 0;
    this.#rollBackCause = null;
    context.diagnostic = null;
    if (kind === "diagnostic") return this.#hold();
    if (record.diagnostic === true) context.adoptRecord(nextRecord(record, { diagnostic: false }));
    if (kind === "soft" && running !== null) {
      this.#begin(nowNs, { slot: running, role: "soft", attempt: 1 }, "boots");
      return;
    }
    const leavesTrial =
      running !== null && running !== record.committed && record.trial === null && !context.committedSinceStart;
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

  /** The boot loader has looked at the image: one that is damaged is not booted, and is valid no more. */
  handleChecked(nowNs: number, isWhole: boolean): void {
    const boot = this.#boot;
    if (boot === null) return;
    boot.isUnchecked = false;
    boot.deadlineNs = Math.max(boot.deadlineNs, nowNs);
    if (isWhole) return;
    const context = this.#context;
    this.#boot = null;
    this.#rollBackCause = DAMAGED;
    context.adoptRecord(withImage(context.record, boot.slot, null));
    this.#load(nowNs);
  }

  #load(nowNs: number): void {
    const context = this.#context;
    const wasOnTrial = context.record.trial !== null;
    const choice = chooseBoot(context.record, this.#fallbackFailures);
    context.adoptRecord(choice.record);
    const image = choice.kind === "boot" ? context.record.slots[choice.slot] : null;
    if (choice.kind === "nothingBoots" || image === null) return this.#stay("no image boots");
    if (choice.fellBack !== null) {
      context.events.push({ type: "fellBack", ...choice.fellBack });
      this.#rollBackCause ??= "the image did not boot";
      if (wasOnTrial) context.trialOutcome = "failed";
    }
    this.#begin(nowNs, choice, bootOutcome(context.config.boot, context.record, image, choice.attempt));
  }

  /** Somebody wants the boot loader: it comes up so again after a power cut. */
  #hold(): void {
    const { record } = this.#context;
    if (record.diagnostic !== true) this.#context.adoptRecord(nextRecord(record, { diagnostic: true }));
    this.#stay(HELD);
  }

  #stay(cause: string): void {
    const context = this.#context;
    context.running = null;
    context.diagnostic = cause;
    context.setState("failed", cause);
    context.events.push({ type: "diagnostic", cause });
  }

  #begin(nowNs: number, choice: Pick<Boot, "slot" | "role" | "attempt">, outcome: BootOutcome): void {
    const context = this.#context;
    const { slot, role, attempt } = choice;
    const { bootNs, watchdogNs, imageCheckNs = 0 } = context.config.timing;
    context.running = slot;
    // After a fall-back the figure stays that of the image that did not boot.
    if (this.#rollBackCause === null) context.bootAttempts = attempt;
    context.events.push({ type: "bootAttempt", slot, attempt });
    context.setState("rebooting");
    // The committed image has proved itself; an ONT without any would be of no use, damaged or not.
    const isUnchecked = (role === "trial" || role === "fallback") && context.checkSlot(slot, { kind: "bootChecked" });
    const checkNs = isUnchecked ? imageCheckNs : 0;
    const deadlineNs = nowNs + checkNs + (outcome === "hangs" ? watchdogNs : bootNs);
    this.#boot = { slot, role, attempt, outcome, deadlineNs, isUnchecked };
  }

  #up(boot: Boot): void {
    const context = this.#context;
    if (boot.role !== "soft") {
      context.adoptRecord(afterSuccess(context.record, boot.role, context.behaviour.keepsTrial));
    }
    if (boot.role === "trial") context.trialOutcome = "booted";
    context.events.push({ type: "online", activeSlot: boot.slot });
    if (this.#rollBackCause !== null) context.setState("rolledBack", this.#rollBackCause);
    else if (boot.slot !== context.record.committed) context.setState("trial");
    else context.setState(context.committedSinceStart ? "committed" : "idle");
  }

  #failed(nowNs: number, boot: Boot, how: "hangs" | "crashes"): void {
    const context = this.#context;
    context.events.push({ type: "bootFailed", slot: boot.slot, attempt: boot.attempt, how });
    context.events.push({ type: "offline", reason: how === "hangs" ? "watchdog" : "crash" });
    if (boot.role === "fallback") this.#fallbackFailures += 1;
    else if (boot.role !== "soft") context.adoptRecord(afterFailure(context.record, boot.role));
    this.#load(nowNs);
  }
}

/** Keys of the live view: pause and resume, abort, an ONT taken up again, the next wave, rate. The terminal is as it was whenever the program ends. */
import { rateText } from "../../base/text/index.ts";
import type { OltOntStatus } from "../../olt/core/types.ts";
import type { OltCommand } from "../../olt/index.ts";
import type { Steering } from "../../run/types.ts";

/** A step of the rate, up or down. */
const RATE_STEP = 1.25;
const BITS_PER_BYTE = 8;
const CTRL_C = "\u0003";
const HELP =
  "keys: p pause or resume, a abort (asks again), r retry an ONT that failed, was rolled back or was skipped (again: the next one), w release the next wave, + and - rate, ? this line, Ctrl-C ends the run at once";
/** Phases that an operator takes an ONT up from. */
const MAY_RETRY: ReadonlySet<OltOntStatus["phase"]> = new Set(["failed", "skipped", "rolledBack"]);

/** `process.stdin` fits. */
export interface Keyboard {
  isTTY?: boolean;
  setRawMode?: (raw: boolean) => unknown;
  on(event: "data", listener: (data: Buffer | string) => void): unknown;
  off(event: "data", listener: (data: Buffer | string) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

export interface KeyHandlers {
  /** A line that stays. */
  log: (line: string) => void;
  interrupt: () => void;
}

/** @returns what leaves the keyboard as it was; may be called twice */
export function listenToKeys(keyboard: Keyboard, steering: Steering, { log, interrupt }: KeyHandlers): () => void {
  if (keyboard.isTTY !== true || keyboard.setRawMode === undefined) return () => undefined;
  let isAsked = false;
  const give = (command: OltCommand, told: string): void =>
    void steering
      .command({ ...command, by: "keyboard" })
      .then((outcome) => log(outcome.accepted ? told : `${command.kind}: ${outcome.reason}`));
  /** Who was asked for last: pressed again, the key is for the next one. */
  let retried = "";
  const retry = (): void => {
    const may = (steering.view().olt?.onts ?? []).filter(({ phase }) => MAY_RETRY.has(phase));
    const next = may[may.findIndex(({ serial }) => serial === retried) + 1] ?? may[0];
    if (next === undefined) return log("retry: no ONT failed, was rolled back or was skipped");
    const { serial } = next;
    retried = serial;
    give({ kind: "retry", serial }, `${serial} is taken up again`);
  };
  let isOpen = true;
  const press = (key: string): void => {
    const wasAsked = isAsked;
    isAsked = false;
    const control = steering.view().olt?.control;
    switch (key) {
      case CTRL_C:
        // From now on the terminal makes a signal of it again: a second one ends what the first does not.
        close();
        return interrupt();
      case "p":
        return control?.paused === true ? give({ kind: "resume" }, "resumed") : give({ kind: "pause" }, "paused");
      case "a":
        isAsked = true;
        return log("abort? All ONTs go back to their old image: y = yes, any other key = no");
      case "y":
        if (wasAsked) give({ kind: "abort" }, "aborting");
        return;
      case "r":
        return retry();
      case "w":
        return give({ kind: "release" }, "the next wave is released");
      case "+":
      case "-": {
        const factor = key === "+" ? RATE_STEP : 1 / RATE_STEP;
        const bitsPerSecond = Math.round(rateFrom(steering) * factor * BITS_PER_BYTE);
        return give({ kind: "rate", bitsPerSecond }, `rate ${rateText(bitsPerSecond)}`);
      }
      case "?":
        return log(HELP);
      default:
        return;
    }
  };
  const listener = (data: Buffer | string): void => {
    for (const key of data.toString()) press(key);
  };
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    keyboard.off("data", listener);
    keyboard.setRawMode?.(false);
    keyboard.pause();
    process.off("exit", close);
  };
  process.on("exit", close);
  keyboard.setRawMode(true);
  keyboard.on("data", listener);
  keyboard.resume();
  return close;
}

/** The budget; where there is none, what the run has sent so far on the mean. */
function rateFrom(steering: Steering): number {
  const { olt, elapsedMs } = steering.view();
  const rate = olt?.control.rateBytesPerSecond ?? Infinity;
  if (Number.isFinite(rate)) return rate;
  return Math.max(1, ((olt?.counters.sectionPayloadBytes ?? 0) * 1000) / Math.max(1, elapsedMs));
}

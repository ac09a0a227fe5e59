/** What transports to real targets have in common: clock, waiting, power. */
import { exec } from "node:child_process";
import { sleepMs } from "../../base/clock/index.ts";
import { CannotTest } from "../core/failure.ts";
import type { Transport } from "../core/transport.ts";

const NS_PER_MS = 1e6;
/** A wait is made of pieces, so that it is seen where this process does not come to its turn. */
const PIECE_NS = 25 * NS_PER_MS;
/** A timer may be so late on a machine that has nothing else to do. */
const LATE_NS = 20 * NS_PER_MS;
/** Longest a power-cycle command may take. */
const POWER_COMMAND_MS_MAX = 120_000;

/** What `process.hrtime` lacks to nanoseconds since 1970. */
export const epochNs = (): number => Date.now() * NS_PER_MS - Number(process.hrtime.bigint());

export interface RealTimeOptions {
  timeScale: number;
  sectionGapNs: number;
  /** Shell command that takes the ONT's power away and gives it back. */
  powerCycleCommand?: string;
  /** How long an ONT that restarts is silent at least. */
  restartSilenceMs?: number;
}

/**
 * The clock and the waiting of a transport to a real target. Whoever adds one extends this with `send` and `close`, and
 * calls `deliver` with each frame that comes in.
 */
export abstract class RealTimeTransport implements Transport {
  abstract readonly name: string;
  readonly timeScale: number;
  readonly sectionGapNs: number;
  readonly restartSilenceMs?: number;
  readonly epochNs = epochNs();
  readonly powerCycle?: () => Promise<void>;
  onFrame: (frame: Uint8Array) => void = () => undefined;
  #wake: () => void = () => undefined;
  #stalledNs = 0;

  constructor({ timeScale, sectionGapNs, powerCycleCommand, restartSilenceMs }: RealTimeOptions) {
    if (restartSilenceMs !== undefined) this.restartSilenceMs = restartSilenceMs;
    this.timeScale = timeScale;
    this.sectionGapNs = sectionGapNs;
    if (powerCycleCommand !== undefined) this.powerCycle = () => runCommand(powerCycleCommand, "power-cycle");
  }

  abstract send(pdu: Uint8Array): void;
  abstract close(): void | Promise<void>;

  nowNs(): number {
    return Number(process.hrtime.bigint());
  }

  get stalledNs(): number {
    return this.#stalledNs;
  }

  /** Where this process comes to its turn late, it returns early enough for what came meanwhile to be read: the deadline is asked for again. */
  wait(deadlineNs: number): Promise<void> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout;
      const done = (): void => {
        clearTimeout(timer);
        this.#wake = () => undefined;
        resolve();
      };
      const piece = (): void => {
        const plannedNs = Math.min(deadlineNs, this.nowNs() + PIECE_NS);
        timer = setTimeout(
          () => {
            const lateNs = this.nowNs() - plannedNs;
            if (lateNs > LATE_NS) this.#stalledNs += lateNs;
            if (lateNs > LATE_NS || plannedNs >= deadlineNs) done();
            else piece();
          },
          sleepMs(plannedNs - this.nowNs()),
        );
      };
      this.#wake = done;
      piece();
    });
  }

  /** Ends a wait: there is something to look at. */
  protected wake(): void {
    this.#wake();
  }

  /** Hands a frame to the tester. */
  protected deliver(frame: Uint8Array): void {
    this.onFrame(frame);
    this.#wake();
  }
}

/** @param what it is for. @throws CannotTest when it fails */
export function runCommand(command: string, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    exec(command, { timeout: POWER_COMMAND_MS_MAX }, (error) => {
      if (error === null) resolve();
      else reject(new CannotTest(`the ${what} command failed: ${error.message.trim().split("\n").at(-1)}`));
    });
  });
}

/** The rule "bounds": queues, buffers and deadlines have limits in every step of a run. */
import { supportsExtended } from "../../omci/index.ts";
import { FLASH_BACKLOG_MAX } from "../../ont/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { RECEIVE_FRAMES_MAX, UPSTREAM_FRAMES_MAX } from "../../pon/virtual/index.ts";
import type { Observer, VirtualOnt, Simulation } from "../../run/virtual/index.ts";
import { Violation } from "./violation.ts";

/** Frames on their way to one ONT, one event each where they come alone: some windows, and what waits in the ONT. */
const FRAMES_ON_THE_WAY_MAX = 4 * 256 + RECEIVE_FRAMES_MAX;
/** Deadlines of one ONT and its flash. */
const EVENTS_PER_ONT = 8;
/** Flash operations of one download beside those of its windows. */
const OPERATIONS_BESIDE = 16;

/** Nothing that waits grows without end, and nothing waits for ever. */
export class BoundsCheck implements Observer {
  readonly #simulation: () => Simulation;
  readonly #eventsMax: number;
  readonly #timerNsMax: number;
  readonly #bytesMax: number;
  readonly #jobsMax: number;

  constructor(scenario: Scenario, imageBytes: number, simulation: () => Simulation) {
    const onts = scenario.onts * scenario.pons;
    const { olt, ont, fleet } = scenario;
    this.#simulation = simulation;
    this.#eventsMax = onts * (EVENTS_PER_ONT + FRAMES_ON_THE_WAY_MAX + UPSTREAM_FRAMES_MAX) + 64;
    this.#timerNsMax = Math.max(olt.runSeconds * 1e9, 900e9);
    // The image that comes in, and what was still to be written of downloads given up: a window each, an image at most.
    this.#bytesMax = (1 + FLASH_BACKLOG_MAX) * imageBytes;
    const isBaseline =
      olt.messageSet === "baseline" ||
      [ont, ...fleet].some(({ omccVersion }) => !supportsExtended(omccVersion ?? 0xb4));
    const sections = Math.ceil(imageBytes / (isBaseline ? Math.min(31, olt.sectionBytes) : olt.sectionBytes));
    this.#jobsMax = sections + OPERATIONS_BESIDE + FLASH_BACKLOG_MAX;
  }

  step(nowNs: number, ont: VirtualOnt): void {
    const { queue } = this.#simulation();
    if (queue.size > this.#eventsMax) this.#fail(nowNs, "the run", `${queue.size} events wait`, this.#eventsMax);
    const place = `ONT ${ont.index}`;
    if (ont.upstreamFrames > UPSTREAM_FRAMES_MAX)
      this.#fail(nowNs, place, `${ont.upstreamFrames} frames wait upstream`, UPSTREAM_FRAMES_MAX);
    this.#checkFlash(nowNs, place, ont);
    const nextNs = ont.core?.nextTimeoutNs() ?? Infinity;
    if (nextNs !== Infinity && !(nextNs >= nowNs && nextNs <= nowNs + this.#timerNsMax))
      this.#fail(nowNs, place, `a deadline at ${nextNs} ns`, this.#timerNsMax);
  }

  #checkFlash(nowNs: number, place: string, { flashJobs }: VirtualOnt): void {
    if (flashJobs.length > this.#jobsMax)
      this.#fail(nowNs, place, `${flashJobs.length} flash operations wait`, this.#jobsMax);
    let bytes = 0;
    for (const { lengthBytes } of flashJobs) bytes += lengthBytes;
    if (bytes > this.#bytesMax) this.#fail(nowNs, place, `${bytes} bytes wait for the flash`, this.#bytesMax);
  }

  #fail(nowNs: number, place: string, what: string, most: number): never {
    throw new Violation("bounds", nowNs, place, `${what}; at most ${most}`);
  }
}

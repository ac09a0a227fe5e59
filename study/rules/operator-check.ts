/** The rule "operator": what an operator's commands promise, whatever else goes wrong. */
import { ABORTED, type OltEvent, phaseIs } from "../../olt/index.ts";
import type { Observer, Simulation, VirtualOnt } from "../../run/virtual/index.ts";
import { Violation } from "./violation.ts";

/** While paused an OLT asks an ONT nothing more often than this: less than the 10 s that it waits. */
const QUESTION_NS = 9.9e9;

export class OperatorCheck implements Observer {
  readonly #simulation: () => Simulation;
  /** Ports whose OLT is paused. */
  readonly #paused = new Set<number>();
  /** Last question to an ONT in a pause, by port and ONU-ID. */
  readonly #askedNs = new Map<string, number>();

  constructor(simulation: () => Simulation) {
    this.#simulation = simulation;
  }

  olt(_nowNs: number, pon: number, _ont: VirtualOnt | undefined, event: OltEvent): void {
    if (event.type !== "command" || event.refused !== "") return;
    if (event.command === "pause") this.#paused.add(pon);
    if (event.command === "resume" || event.command === "abort") this.#paused.delete(pon);
    this.#askedNs.clear();
  }

  sections(nowNs: number, pon: number): void {
    if (this.#isPaused(pon)) throw new Violation("operator", nowNs, `port ${pon}`, "sections leave while it is paused");
  }

  frame(nowNs: number, pon: number, to: number): void {
    if (!this.#isPaused(pon)) return;
    const key = `${pon}/${to}`;
    const beforeNs = this.#askedNs.get(key) ?? -Infinity;
    this.#askedNs.set(key, nowNs);
    if (nowNs - beforeNs < QUESTION_NS)
      throw new Violation("operator", nowNs, `port ${pon}`, `ONU-ID ${to} is asked too often while it is paused`);
  }

  /** @throws Violation where an ONT runs the new image after an abort, and the OLT does not say why */
  finish(nowNs: number): void {
    const { ports, onts } = this.#simulation();
    for (const { number, status, lives } of ports) {
      if (status === undefined || status.stopReason !== ABORTED) continue;
      for (const { serial, phase, cause } of status.onts) {
        if (!phaseIs(phase === "waiting" ? "ready" : phase, "isOutcome"))
          throw new Violation("operator", nowNs, `port ${number}`, `${serial} is ${phase} after the abort`);
        const ont = onts.find(({ config }) => config.serial === serial);
        // An OLT before may have committed or activated it, and one that cannot be reached cannot be brought back.
        if (lives > 1 || ont === undefined || phase === "committed" || cause.includes(";")) continue;
        const { committed, trial } = ont.flash.readRecord();
        if (phase !== "skipped" && trial !== null && trial !== undefined && ont.up && ont.activeSlot !== committed)
          throw new Violation(
            "operator",
            nowNs,
            `ONT ${ont.index}`,
            `runs image ${ont.activeSlot} on trial after the abort`,
          );
      }
    }
  }

  #isPaused(pon: number): boolean {
    return this.#paused.has(pon) && this.#simulation().ports[pon].status?.control.paused === true;
  }
}

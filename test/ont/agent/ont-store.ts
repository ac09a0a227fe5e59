/** The store of an ONT's own core for the agent's tests, with its power and its restarts. */
import { LocalStore } from "../../../ont/store/index.ts";
import { BenchOnt } from "../hands.ts";
import { configuration, deltaOnt, oldBundle, oldRecord } from "../delta-bundles.ts";
import { newFlash } from "../flash.ts";
import { type OntConfig, openStagedDelta, type ReadArea, type StagedDelta } from "../../../ont/index.ts";
import type { TestStore } from "../road/bench.ts";

export class PowerCut extends Error {}

export class OntStore extends LocalStore implements TestStore {
  readonly ont: BenchOnt;
  restart: "activate" | "rollBack" | null = null;
  /** Flash operations so far, and before which of them the power goes. */
  operations = 0;
  cutBefore = Infinity;

  constructor(change: Partial<OntConfig> = {}) {
    const flash = newFlash(structuredClone(oldRecord));
    flash.slots[0] = oldBundle.slice();
    flash.configs = [configuration, null];
    const ont = BenchOnt.up(deltaOnt(change), flash);
    super({
      command: (command) => {
        ont.ont.handleLocal(ont.nowNs, command);
        ont.settle();
        if (command.kind === "activate" || command.kind === "rollBack") this.#restarts();
      },
      snapshot: () => ont.ont.snapshot(),
    });
    this.ont = ont;
    ont.onLocal = (answer) => this.answer(answer);
    let staged: StagedDelta | null = null;
    const { carryOut } = ont;
    const read =
      (area: 0 | 1 | 2): ReadArea =>
      (offsetBytes, lengthBytes) =>
        flash.slots[area].slice(offsetBytes, offsetBytes + lengthBytes);
    ont.carryOut = (operation) => {
      if (operation.kind === "openDelta") {
        staged = openStagedDelta(read(2), operation.deltaBytes, operation.delta);
        return staged?.blocks ?? 0;
      }
      if (operation.kind === "keepBlocks") {
        const { slot, blocks } = operation;
        const whole = staged?.wholeBlocks(blocks, read(slot)) ?? 0;
        flash.slots[slot] = flash.slots[slot].slice(0, staged?.bytesOf(whole) ?? 0);
        return whole;
      }
      if (operation.kind !== "rebuildBlock") return carryOut(operation);
      const made = staged?.rebuild(operation.block, read(2), read(operation.from)) ?? null;
      if (made === null) return false;
      const { slot } = operation;
      return carryOut({ kind: "writeSlot", id: 0, slot, offsetBytes: made.atBytes, bytes: made.bytes }) === undefined;
    };
    ont.beforeFlash = () => {
      this.operations += 1;
      if (this.operations === this.cutBefore) throw new PowerCut();
    };
  }

  #restarts(): void {
    // The restart is on its way when the core has a deadline for it.
    if (Number.isFinite(this.ont.ont.nextTimeoutNs())) this.restart = "activate";
  }

  cut(): void {
    this.clear();
    this.restart = null;
    this.ont.powerCycle();
    this.ont.runUntilOnline();
  }

  reboot(): void {
    this.clear();
    this.restart = null;
    this.ont.advance(1e9);
    this.ont.runUntilOnline();
  }
}

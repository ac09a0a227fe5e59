import { maskOf, packAttributes, SOFTWARE_IMAGE } from "../../omci/index.ts";
import type { OntContext } from "./context.ts";
import { softwareImage } from "./mib.ts";
import type { Slot } from "./types.ts";

/** What is reported: product code and hash change with the version, and are left to a Get. */
const reportedNames = ["version", "isCommitted", "isActive", "isValid"] as const;
const reportedMasks = reportedNames.map((name) => maskOf(SOFTWARE_IMAGE, name));
const slots: readonly Slot[] = [0, 1];

/** Attribute value changes of the two software images (G.988 9.1.4, notifications): one message per attribute. */
export class AvcSource {
  readonly #ctx: OntContext;
  #announced: Uint8Array[][] = [];
  #record: unknown = null;
  #running: unknown = null;

  constructor(ctx: OntContext) {
    this.#ctx = ctx;
  }

  /** A new session: the OLT reads the MIB anew, what it holds now is no change. */
  rebase(): void {
    this.#record = this.#ctx.record;
    this.#running = this.#ctx.running;
    this.#announced = slots.map((slot) => this.#values(slot));
  }

  /** Reports what has changed since the last call. */
  report(nowNs: number): void {
    const ctx = this.#ctx;
    if (!ctx.ranged || (ctx.record === this.#record && ctx.running === this.#running)) return;
    const before = this.#announced;
    this.rebase();
    for (const slot of slots) {
      reportedMasks.forEach((attributeMask, index) => {
        const values = this.#announced[slot]![index]!;
        if (equalBytes(values, before[slot]![index]!)) return;
        ctx.notify(nowNs, {
          type: "avc",
          tci: 0,
          // Never extended before the OLT has shown in this session that it speaks it (G.988 11.2).
          messageSet: ctx.extendedSeen ? "extended" : "baseline",
          classId: SOFTWARE_IMAGE,
          instanceId: slot,
          attributeMask,
          values,
        });
      });
    }
  }

  #values(slot: Slot): Uint8Array[] {
    const image = softwareImage(this.#ctx, slot);
    return reportedMasks.map((mask) => packAttributes(SOFTWARE_IMAGE, mask, image));
  }
}

const equalBytes = (left: Uint8Array, right: Uint8Array): boolean => left.every((byte, index) => byte === right[index]);

/** What an ONT reports on its own: changes of its two software images. */
import { equalBytes } from "./cache.ts";
import { type AttributeValue, maskOf, packAttributes, SOFTWARE_IMAGE } from "../../omci/index.ts";
import type { OntContext } from "./context.ts";
import { softwareImage } from "./mib.ts";
import type { Slot } from "./types.ts";

/** What is reported: product code and hash change with the version, and are left to a Get. */
const REPORTED_NAMES = ["version", "isCommitted", "isActive", "isValid"] as const;
const REPORTED = REPORTED_NAMES.map((name) => ({ name, mask: maskOf(SOFTWARE_IMAGE, name) }));
const SLOTS: readonly Slot[] = [0, 1];

/** Attribute value changes of the two software images (G.988 9.1.4, notifications): one message per attribute. */
export class AvcSource {
  readonly #context: OntContext;
  /** As they were last announced; messages are made of what has changed alone. */
  #announced: AttributeValue[][] = [];
  #record: unknown = null;
  #running: unknown = null;

  constructor(context: OntContext) {
    this.#context = context;
  }

  /** A new session: the OLT reads the MIB again: what it holds now is no change. */
  rebase(): void {
    this.#record = this.#context.record;
    this.#running = this.#context.running;
    this.#announced = SLOTS.map((slot) => this.#values(slot));
  }

  /** Reports what has changed since the last call. */
  report(nowNs: number): void {
    const context = this.#context;
    if (!context.ranged || (context.record === this.#record && context.running === this.#running)) return;
    const before = this.#announced;
    this.rebase();
    for (const slot of SLOTS) {
      REPORTED.forEach(({ name, mask: attributeMask }, index) => {
        const [value, old] = [this.#announced[slot]![index]!, before[slot]![index]!];
        if (value === old) return;
        const values = packAttributes(SOFTWARE_IMAGE, attributeMask, { [name]: value });
        if (equalBytes(values, packAttributes(SOFTWARE_IMAGE, attributeMask, { [name]: old }))) return;
        context.notify(nowNs, {
          type: "avc",
          tci: 0,
          // Never extended before the OLT has shown in this session that it speaks it (G.988 11.2).
          messageSet: context.extendedSeen ? "extended" : "baseline",
          classId: SOFTWARE_IMAGE,
          instanceId: slot,
          attributeMask,
          values,
        });
      });
    }
  }

  #values(slot: Slot): AttributeValue[] {
    const image = softwareImage(this.#context, slot);
    return REPORTED_NAMES.map((name) => image[name]!);
  }
}

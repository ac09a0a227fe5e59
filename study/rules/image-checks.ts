/**
 * The rules about images: what is valid, active, committed and bootable, and that the same version means the same
 * bytes.
 */
import { createHash } from "node:crypto";
import type { BootRecord, OntEvent, Slot } from "../../ont/core/types.ts";
import type { FlashJob, Observer, VirtualOnt } from "../../run/virtual/index.ts";
import type { RunImages } from "../../run/index.ts";
import { checksImages, type ValidContents } from "./content.ts";
import { Violation } from "./violation.ts";

const slots: readonly Slot[] = [0, 1];
const placeOf = (ont: VirtualOnt): string => `ONT ${ont.index}`;

/** The boot record that the boot loader would find now. @returns undefined when there is none */
function recordOf(ont: VirtualOnt): BootRecord | undefined {
  try {
    return ont.flash.readRecord();
  } catch {
    return undefined;
  }
}

/** Marked valid, in the flash or in what the core goes by: then the slot holds an image that is. */
export class ValidCheck implements Observer {
  readonly #contents: ValidContents;

  constructor(contents: ValidContents) {
    this.#contents = contents;
  }

  step(nowNs: number, ont: VirtualOnt): void {
    this.#check(nowNs, ont);
  }

  flash(nowNs: number, ont: VirtualOnt): void {
    this.#check(nowNs, ont);
  }

  #check(nowNs: number, ont: VirtualOnt): void {
    for (const record of [recordOf(ont), ont.core?.snapshot().record]) {
      if (record === undefined) continue;
      for (const slot of slots) {
        const fault = this.#contents.faultOf(ont, record, slot);
        if (fault !== "") throw new Violation("valid", nowNs, placeOf(ont), fault);
      }
    }
  }
}

const WRITING: readonly FlashJob["kind"][] = ["eraseSlot", "writeSlot", "rebuildBlock", "keepBlocks", "migrateConfig"];

/** What the flash does to the slot that runs: it is looked at, and no more. */
export class RunningCheck implements Observer {
  flash(nowNs: number, ont: VirtualOnt, { kind, slot }: FlashJob): void {
    const writes = WRITING.includes(kind);
    const runs = ont.core?.snapshot().activeSlot ?? ont.activeSlot;
    if (writes && slot === runs) throw new Violation("running", nowNs, placeOf(ont), `${kind} in slot ${slot}`);
  }
}

/** The three flags of both images, as the core reports them (G.988 9.1.4). */
export class FlagsCheck implements Observer {
  step(nowNs: number, ont: VirtualOnt): void {
    if (ont.core === null) return;
    const { flags, online } = ont.core.snapshot();
    const committed = flags.filter((image) => image.committed).length;
    const active = flags.filter((image) => image.active).length;
    if (committed !== 1) throw new Violation("flags", nowNs, placeOf(ont), `${committed} images are committed`);
    if (active > 1 || (online && active !== 1))
      throw new Violation("flags", nowNs, placeOf(ont), `${active} images are active`);
  }
}

/** What runs is valid: an ONT never runs an image that it would not boot again. */
export class ActiveCheck implements Observer {
  step(nowNs: number, ont: VirtualOnt): void {
    if (ont.core === null) return;
    const { flags, online, activeSlot } = ont.core.snapshot();
    if (!online || flags[activeSlot].valid) return;
    throw new Violation("active", nowNs, placeOf(ont), `image ${activeSlot} runs, but is not valid`);
  }
}

/** If the power were cut now, the boot loader would find a record that is whole and a committed image that is intact. */
export class BootableCheck implements Observer {
  readonly #contents: ValidContents;

  constructor(contents: ValidContents) {
    this.#contents = contents;
  }

  step(nowNs: number, ont: VirtualOnt): void {
    this.#check(nowNs, ont);
  }

  /** Also between two operations, and when the power went in the middle of one. */
  flash(nowNs: number, ont: VirtualOnt): void {
    this.#check(nowNs, ont);
  }

  #check(nowNs: number, ont: VirtualOnt): void {
    const record = recordOf(ont);
    if (record === undefined) throw new Violation("bootable", nowNs, placeOf(ont), "no boot record is whole");
    const { committed } = record;
    if (record.slots[committed] === null)
      throw new Violation("bootable", nowNs, placeOf(ont), `image ${committed} is committed, but not valid`);
    const fault = this.#contents.faultOf(ont, record, committed);
    if (fault !== "") throw new Violation("bootable", nowNs, placeOf(ont), `the committed image is damaged: ${fault}`);
  }
}

/** All ONTs that are valid with the version sent hold the same bytes: read from the flash, not taken from its record. */
export class IdenticalCheck implements Observer {
  readonly #version: string;
  #first: { sha256: string; ont: number } | undefined;

  constructor(images: RunImages) {
    this.#version = images.facts.version;
  }

  ont(nowNs: number, ont: VirtualOnt, event: OntEvent): void {
    if (event.type === "imageStored") this.#compare(nowNs, ont, event.slot);
  }

  /** Looks at all ONTs once more. */
  finish(nowNs: number, onts: readonly VirtualOnt[]): void {
    for (const ont of onts) for (const slot of slots) this.#compare(nowNs, ont, slot);
  }

  #compare(nowNs: number, ont: VirtualOnt, slot: Slot): void {
    const image = recordOf(ont)?.slots[slot];
    if (image?.version !== this.#version || !checksImages(ont)) return;
    const sha256 = createHash("sha256").update(ont.flash.slots[slot].read(image.imageBytes)).digest("hex");
    // An ONT may have come with an image of that version.
    if (sha256 === ont.factory.image.sha256) return;
    this.#first ??= { sha256, ont: ont.index };
    if (this.#first.sha256 === sha256) return;
    const others = `ONT ${this.#first.ont} holds ${this.#first.sha256.slice(0, 16)}…`;
    throw new Violation("identical", nowNs, placeOf(ont), `slot ${slot} holds ${sha256.slice(0, 16)}…, ${others}`);
  }
}

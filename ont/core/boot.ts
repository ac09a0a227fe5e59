/** The boot loader: which image is booted, how often it is tried, and what the boot record says after that. */
import { BOOT_ATTEMPTS_MAX, otherSlot } from "./images.ts";
import type { BootPlan, BootRecord, ConfigFacts, PartialImage, Slot, StoredImage } from "./types.ts";

export { BOOT_ATTEMPTS_MAX };

/**
 * Why the ONT goes down and what it boots: the boot loader's choice, the image that runs, or the committed one; or nothing, and
 * the boot loader stays in diagnostic mode.
 */
export type RestartKind = "activate" | "soft" | "reboot" | "diagnostic";

/** Why this image is booted: it is on trial, it is the committed one, or the committed one does not boot. */
export type BootRole = "trial" | "committed" | "fallback";

export type BootChoice =
  | {
      kind: "boot";
      slot: Slot;
      role: BootRole;
      /** 1 for the first attempt. */
      attempt: number;
      record: BootRecord;
      /** Set when this attempt begins a fall-back. */
      fellBack: { from: Slot; to: Slot } | null;
    }
  | { kind: "nothingBoots"; record: BootRecord };

/** A changed record: one step further in sequence. */
export const nextRecord = (record: BootRecord, change: Partial<BootRecord>): BootRecord => ({
  ...record,
  ...change,
  sequence: record.sequence + 1,
});

/** The record with one slot's image replaced, and the configuration that goes with it; null drops its valid flag. */
export function withImage(
  record: BootRecord,
  slot: Slot,
  image: StoredImage | null,
  config: ConfigFacts | null = null,
): BootRecord {
  const slots = placed(record.slots, slot, image);
  return nextRecord(record, record.configs ? { slots, configs: placed(record.configs, slot, config) } : { slots });
}

const placed = <Value>([first, second]: [Value, Value], slot: Slot, value: Value): [Value, Value] =>
  slot === 0 ? [value, second] : [first, value];

/** The record with what is told of a part; null = nothing is. */
export const withPartial = (record: BootRecord, partial: PartialImage | null): BootRecord =>
  (record.partial ?? null) === partial ? record : nextRecord(record, { partial });

/** An ONT fresh from the factory: image 0 is committed (G.988 9.1.4); slot 1 may hold a second factory image. */
export function factoryRecord(image: StoredImage, second: StoredImage | null = null): BootRecord {
  const images = second === null ? [image] : [image, second];
  return {
    sequence: 1,
    committed: 0,
    trial: null,
    committedFailures: 0,
    slots: [image, second],
    factorySha256: images.map((each) => each.sha256),
  };
}

/**
 * What the boot loader does at a reset. A trial image is counted before it is tried, so that an image that resets the
 * ONT before anything can be written still runs out of attempts; the committed image is counted when it fails.
 *
 * @param fallbackFailures failed boots of the image that stands in for a committed image that does not boot
 */
export function chooseBoot(record: BootRecord, fallbackFailures: number): BootChoice {
  const { trial } = record;
  if (trial !== null) {
    if (trial.attempts < BOOT_ATTEMPTS_MAX && record.slots[trial.slot] !== null) {
      const attempt = trial.attempts + 1;
      const counted = nextRecord(record, { trial: { slot: trial.slot, attempts: attempt } });
      return {
        kind: "boot",
        slot: trial.slot,
        role: "trial",
        attempt,
        record: counted,
        fellBack: null,
      };
    }
    const choice = chooseBoot(nextRecord(record, { trial: null }), fallbackFailures);
    if (choice.kind === "boot") return { ...choice, fellBack: { from: trial.slot, to: choice.slot } };
    return choice;
  }
  return chooseCommitted(record, fallbackFailures);
}

function chooseCommitted(record: BootRecord, fallbackFailures: number): BootChoice {
  const { committed, committedFailures } = record;
  const other = otherSlot(committed);
  if (record.slots[committed] === null) {
    if (record.slots[other] === null) return { kind: "nothingBoots", record };
    // Never an invalid committed image beside a valid one (G.988 9.1.4): the valid one takes its place.
    const moved = nextRecord(record, { committed: other, committedFailures: 0 });
    const choice = chooseCommitted(moved, fallbackFailures);
    return choice.kind === "boot" ? { ...choice, fellBack: { from: committed, to: other } } : choice;
  }
  if (committedFailures < BOOT_ATTEMPTS_MAX) {
    const attempt = committedFailures + 1;
    return { kind: "boot", slot: committed, role: "committed", attempt, record, fellBack: null };
  }
  if (record.slots[other] === null || fallbackFailures >= BOOT_ATTEMPTS_MAX) return { kind: "nothingBoots", record };
  const fellBack = fallbackFailures === 0 ? { from: committed, to: other } : null;
  return {
    kind: "boot",
    slot: other,
    role: "fallback",
    attempt: fallbackFailures + 1,
    record,
    fellBack,
  };
}

/** The record after a boot failed: only the committed image is counted here, see `chooseBoot`. */
export function afterFailure(record: BootRecord, role: BootRole): BootRecord {
  if (role !== "committed") return record;
  return nextRecord(record, { committedFailures: record.committedFailures + 1 });
}

/**
 * The record once the image has proved that it boots. The trial ends here: S4 survives no reset (figure 9.1.4-1).
 *
 * @param keepsTrial deviation: the next reset boots the uncommitted image again
 */
export function afterSuccess(record: BootRecord, role: BootRole, keepsTrial: boolean): BootRecord {
  if (role === "trial" && record.trial !== null) {
    const trial = keepsTrial ? { slot: record.trial.slot, attempts: 0 } : null;
    return nextRecord(record, { trial });
  }
  if (role === "committed" && record.committedFailures !== 0) return nextRecord(record, { committedFailures: 0 });
  return record;
}

/** Activate of an image that does not run: the committed one is booted as always, the other one on trial. */
export function afterActivate(record: BootRecord, slot: Slot): BootRecord {
  if (slot === record.committed) return nextRecord(record, { trial: null, committedFailures: 0 });
  return nextRecord(record, { trial: { slot, attempts: 0 } });
}

/**
 * Commit changes *committed* and nothing else (G.988 9.1.4); beside the standard it raises the security version, which nothing
 * lowers: an image on trial may still turn out not to work, and the old one has to be there then.
 */
export function afterCommit(record: BootRecord, slot: Slot): BootRecord {
  const raised = Math.max(record.securityVersion ?? 0, record.slots[slot]?.securityVersion ?? 0);
  const change = { committed: slot, committedFailures: 0, trial: null };
  return nextRecord(record, raised === 0 ? change : { ...change, securityVersion: raised });
}

/** Whether taking, activating or committing this image would undo a fix that the ONT has committed to. */
export const isDowngrade = (record: BootRecord, image: StoredImage): boolean =>
  (image.securityVersion ?? 0) < (record.securityVersion ?? 0);

export type BootOutcome = "boots" | "hangs" | "crashes";

/** What this attempt at booting `image` ends in: factory images always boot, others follow the scenario's plan. */
export function bootOutcome(plan: BootPlan, record: BootRecord, image: StoredImage, attempt: number): BootOutcome {
  if (record.factorySha256.includes(image.sha256)) return "boots";
  switch (plan.kind) {
    case "boots":
    case "hangs":
    case "crashes":
      return plan.kind;
    case "bootsAt":
      return attempt >= plan.attempt ? "boots" : "hangs";
  }
}

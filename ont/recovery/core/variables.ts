/** What a boot loader tells of itself: the variables of fastboot, and some of our own. */
import type { OntSnapshot, Slot } from "../../core/types.ts";
import type { LoaderFacts } from "./types.ts";

export const SLOT_LETTERS = ["a", "b"] as const;
const PARTITION = "image";

/** @returns undefined for what names no slot */
export function slotOfLetter(letter: string | undefined): Slot | undefined {
  const at = SLOT_LETTERS.indexOf(letter as (typeof SLOT_LETTERS)[number]);
  return at === 0 || at === 1 ? at : undefined;
}

/** `image_a` and `image_b`. */
export function slotOfPartition(name: string | undefined): Slot | undefined {
  const match = /^image_([ab])$/.exec(name ?? "");
  return match === null ? undefined : slotOfLetter(match[1]);
}

export const partitionOf = (slot: Slot): string => `${PARTITION}_${SLOT_LETTERS[slot]}`;

const yesNo = (is: boolean): string => (is ? "yes" : "no");
const hexOfNumber = (value: number): string => `0x${value.toString(16)}`;

interface Asked extends LoaderFacts {
  snapshot: OntSnapshot;
}

/** Version of fastboot's protocol. */
const PROTOCOL_VERSION = "0.4";

const WHOLE: Readonly<Record<string, (asked: Asked) => string>> = {
  version: () => PROTOCOL_VERSION,
  "version-bootloader": () => "poncast",
  product: ({ productCode }) => productCode,
  serialno: ({ serial }) => serial,
  "hw-revision": ({ hardwareVersion }) => hardwareVersion,
  secure: () => "yes",
  unlocked: () => "no",
  "is-userspace": ({ snapshot }) => yesNo(snapshot.online),
  "diagnostic-reason": ({ snapshot }) => snapshot.diagnostic ?? "",
  "update-state": ({ snapshot }) => snapshot.state,
  "slot-count": () => String(SLOT_LETTERS.length),
  "slot-suffixes": () => SLOT_LETTERS.join(","),
  "current-slot": ({ snapshot }) => SLOT_LETTERS[currentSlot(snapshot)],
  "security-version": ({ snapshot }) => String(snapshot.record.securityVersion ?? 0),
  "max-download-size": ({ downloadBytesMax }) => hexOfNumber(downloadBytesMax),
};

/** The one that runs; while none does, the one that the next boot takes. */
const currentSlot = ({ diagnostic, activeSlot, record }: OntSnapshot): Slot =>
  diagnostic === undefined ? activeSlot : (record.trial?.slot ?? record.committed);

const BY_SLOT: Readonly<Record<string, (slot: Slot, asked: Asked) => string>> = {
  "slot-successful": (slot, asked) => yesNo(asked.snapshot.record.committed === slot && isBootable(slot, asked)),
  "slot-unbootable": (slot, asked) => yesNo(!isBootable(slot, asked)),
  "slot-retry-count": (slot, asked) => String(retries(slot, asked)),
  "image-version": (slot, { snapshot }) => snapshot.record.slots[slot]?.version ?? "",
  "image-size": (slot, { snapshot }) => hexOfNumber(snapshot.record.slots[slot]?.imageBytes ?? 0),
  "image-sha256": (slot, { snapshot }) => snapshot.record.slots[slot]?.sha256 ?? "",
};

function retries(slot: Slot, { snapshot: { record }, bootAttemptsMax }: Asked): number {
  if (record.slots[slot] === null) return 0;
  if (record.trial?.slot === slot) return bootAttemptsMax - record.trial.attempts;
  return record.committed === slot ? Math.max(0, bootAttemptsMax - record.committedFailures) : bootAttemptsMax;
}

const isBootable = (slot: Slot, asked: Asked): boolean => retries(slot, asked) > 0;

const BY_PARTITION: Readonly<Record<string, (facts: LoaderFacts) => string>> = {
  "partition-size": ({ slotBytes }) => hexOfNumber(slotBytes),
  "partition-type": () => "raw",
  "is-logical": () => "no",
};

/** @returns undefined: there is no such variable */
export function variable(name: string, facts: LoaderFacts, snapshot: OntSnapshot): string | undefined {
  const [head = "", argument] = name.split(":", 2);
  const asked = { ...facts, snapshot };
  if (argument === undefined) return Object.hasOwn(WHOLE, head) ? WHOLE[head]!(asked) : undefined;
  if (head === "has-slot") return yesNo(argument === PARTITION);
  if (Object.hasOwn(BY_PARTITION, head))
    return slotOfPartition(argument) === undefined ? undefined : BY_PARTITION[head]!(facts);
  const slot = slotOfLetter(argument.replace(/^_/, ""));
  return slot !== undefined && Object.hasOwn(BY_SLOT, head) ? BY_SLOT[head]!(slot, asked) : undefined;
}

/** All of them, a line each. */
export function* allVariables(facts: LoaderFacts, snapshot: OntSnapshot): Generator<string> {
  const tell = (name: string): string => `${name}:${variable(name, facts, snapshot)}`;
  for (const name of Object.keys(WHOLE)) yield tell(name);
  yield tell(`has-slot:${PARTITION}`);
  for (const slot of [0, 1] as const) {
    for (const name of Object.keys(BY_SLOT)) yield tell(`${name}:${SLOT_LETTERS[slot]}`);
    for (const name of Object.keys(BY_PARTITION)) yield tell(`${name}:${partitionOf(slot)}`);
  }
}

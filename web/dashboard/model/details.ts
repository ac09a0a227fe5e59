/** One ONT for whoever looks at it: its events in words, its windows, its boots, its slots. */
import { plural } from "../../../base/text/index.ts";
import type { BootRecord, Slot } from "../../../ont/core/types.ts";
import type { JournalRecord } from "../../../run/journal/index.ts";
import { cellLabels } from "../../../run/states/index.ts";
import type { OntFlash } from "../../../run/types.ts";
import type { OntDetails, OntSlot } from "../types.ts";
import { portOf } from "./apply.ts";
import type { LiveModel } from "./live-model.ts";
import type { OntLog } from "./ont-log.ts";

const NS_PER_MS = 1e6;

/** @returns undefined where there is no such ONT */
export function detailsOf(model: LiveModel, ont: number, flash?: OntFlash): OntDetails | undefined {
  const log = model.logs[ont];
  if (log === undefined) return undefined;
  const state = model.cells.stateOf(ont);
  return {
    ont,
    port: portOf(model.facts, ont),
    serial: model.serials[ont],
    state: cellLabels[state],
    phase: log.phase ?? "",
    cause: log.cause,
    share: model.cells.shares[ont],
    late: model.late.textOf(ont),
    isInBaseline: model.inBaseline.has(ont),
    events: log.events.map((record) => ({
      timeMs: record.timeNs / NS_PER_MS,
      from: SOURCES[record.from],
      text: eventText(record),
    })),
    eventsMore: log.eventsMore,
    windows: log.windows,
    boots: log.boots.map(({ timeNs, slot, attempt, how }) => ({ timeMs: timeNs / NS_PER_MS, slot, attempt, how })),
    slots: flash?.record === undefined ? toldSlots(log) : flashSlots(flash.record, flash.activeSlot ?? log.activeSlot),
    retries: log.retries,
    sectionsLost: log.sectionsLost,
  };
}

const SOURCES = { olt: "OLT", ont: "ONT", agent: "update agent", run: "run" } as const;

/** As its flash says it. */
function flashSlots(record: BootRecord, activeSlot: Slot | undefined): OntSlot[] {
  return ([0, 1] as const).map((slot) => ({
    slot,
    version: record.slots[slot]?.version ?? "",
    active: slot === activeSlot,
    committed: slot === record.committed,
    valid: record.slots[slot] !== null,
    configVersion: record.configs?.[slot]?.schemaVersion ?? null,
  }));
}

/** As its own events tell. */
function toldSlots({ stored, activeSlot, committedSlot }: OntLog): OntSlot[] {
  if (activeSlot === undefined) return [];
  return ([0, 1] as const).map((slot) => ({
    slot,
    version: stored[slot],
    active: slot === activeSlot,
    committed: slot === committedSlot,
    valid: stored[slot] !== "" || slot === committedSlot,
    configVersion: null,
  }));
}

const because = (cause: string | undefined): string => (cause === undefined || cause === "" ? "" : `: ${cause}`);

/** A line in words. */
export function eventText({ event }: JournalRecord): string {
  switch (event.type) {
    case "ranged":
      return `ranged as ONU-ID ${event.onuId}`;
    case "phase":
      return `${event.phase}${because(event.cause)}`;
    case "leftGroup":
      return `leaves its group${because(event.cause)}`;
    case "wholeInstead":
      return `is sent the whole image${because(event.cause)}`;
    case "retry":
      return `${event.message} sent again, for the ${event.send}. time`;
    case "command":
      return `the operator: ${event.command}${event.by && `, by ${event.by}`}${event.refused && `; refused: ${event.refused}`}`;
    case "dropped":
      return "count" in event ? `${plural(event.count ?? 1, "frame")} dropped: ${event.cause}` : event.cause;
    case "state":
      return `${event.state}${because(event.cause)}`;
    case "offline":
      return `offline: ${event.reason}`;
    case "online":
      return `online, runs slot ${event.activeSlot}`;
    case "bootAttempt":
      return `boots slot ${event.slot}, attempt ${event.attempt}`;
    case "bootFailed":
      return `slot ${event.slot} ${event.how}, attempt ${event.attempt}`;
    case "fellBack":
      return `falls back from slot ${event.from} to slot ${event.to}`;
    case "imageRefused":
      return `refuses the image: ${event.cause}`;
    case "imageStored":
      return `stored ${event.image.version} in slot ${event.slot}`;
    case "installRefused":
      return `refuses to be updated at ${event.when}: ${event.cause}`;
    case "ontStarted":
      return event.start === 1 ? "its process starts" : `its process starts for the ${event.start}. time`;
    case "ontEnded":
      return `its process ended${event.expected ? "" : ", unasked"}`;
    case "powerCut":
      return `power cut${because(event.reason)}`;
    case "powerRestored":
      return "power is back";
    case "ontGivenUp":
      return `given up${because(event.cause)}`;
    case "note":
      return event.text;
    default:
      return event.type;
  }
}

import type { OltEvent } from "../../olt/core/types.ts";
import type { OntEvent } from "../../ont/core/types.ts";
import { recordType } from "./layout.ts";
import type { JournalHeader, JournalRecord, RunEvent } from "./types.ts";

export type DecodedRecord = { kind: "header"; header: JournalHeader } | { kind: "event"; record: JournalRecord };

function unionBody(event: { type: string }): Record<string, object> {
  const { type, ...fields } = event;
  return { [type]: fields };
}

/** @returns the header record with its length before it. */
export function encodeHeader(header: JournalHeader): Uint8Array {
  return recordType.encodeDelimited({ timeNs: 0, header }).finish();
}

/** @returns one record with its length before it; the same record gives the same bytes. */
export function encodeRecord(record: JournalRecord): Uint8Array {
  const body: Record<string, unknown> = {
    timeNs: record.timeNs,
    [record.from]: unionBody(record.event),
  };
  if (record.from !== "run") body.ontNumber = record.ont;
  return recordType.encodeDelimited(body).finish();
}

type Plain = Record<string, unknown>;

function eventOf(union: Plain): Plain {
  const type = union.event as string | undefined;
  if (type === undefined) throw new Error("record names an event this version does not know");
  const event: Plain = { type };
  for (const [name, value] of Object.entries(union[type] as Plain)) {
    // protobufjs adds a key for each oneof: `_cause` beside an optional `cause`.
    if (value !== null && !name.startsWith("_")) event[name] = value;
  }
  return event;
}

/**
 * Reads one record, without its length.
 * @throws Error when the bytes are no record of this version.
 */
export function decodeRecord(bytes: Uint8Array): DecodedRecord {
  const plain: Plain = recordType.toObject(recordType.decode(bytes), {
    longs: Number,
    defaults: true,
    oneofs: true,
  });
  const timeNs = plain.timeNs as number;
  switch (plain.body) {
    case "header":
      return { kind: "header", header: plain.header as unknown as JournalHeader };
    case "olt": {
      const event = eventOf(plain.olt as Plain) as OltEvent;
      const ont = plain.ontNumber as number | null;
      return { kind: "event", record: { timeNs, from: "olt", ...(ont !== null && { ont }), event } };
    }
    case "ont": {
      const event = eventOf(plain.ont as Plain) as OntEvent;
      return {
        kind: "event",
        record: { timeNs, from: "ont", ont: plain.ontNumber as number, event },
      };
    }
    case "run":
      return {
        kind: "event",
        record: { timeNs, from: "run", event: eventOf(plain.run as Plain) as RunEvent },
      };
    default:
      throw new Error("record without a body");
  }
}

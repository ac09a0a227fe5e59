/** Records of a journal to bytes and back, by proto/journal.proto. */
import type { OltEvent } from "../../olt/core/types.ts";
import type { AgentEvent } from "../../ont/agent/index.ts";
import type { OntEvent } from "../../ont/core/types.ts";
import { messageCodec, type ProtoMessage } from "../../base/protobuf/index.ts";
import { JOURNAL } from "./journal.pb.ts";
import type { JournalHeader, JournalRecord, RunEvent } from "./types.ts";

export type DecodedRecord = { kind: "header"; header: JournalHeader } | { kind: "event"; record: JournalRecord };

type Message<Name extends keyof typeof JOURNAL.messages> = ProtoMessage<typeof JOURNAL, Name>;
type KeysOf<Type> = Type extends unknown ? keyof Type : never;
/** Events and fields that the program has and the file does not, or the other way round. */
type Difference<Event extends { type: string }, Union> = {
  [Type in Event["type"] | keyof Union]:
    | Exclude<KeysOf<Extract<Event, { type: Type }>>, "type" | keyof NonNullable<Union[Type & keyof Union]>>
    | Exclude<keyof NonNullable<Union[Type & keyof Union]>, KeysOf<Extract<Event, { type: Type }>>>
    | (Type extends Event["type"] & keyof Union ? never : Type);
}[Event["type"] | keyof Union];
/** Does not compile while an event is not in proto/journal.proto as it is in the program. */
const NO_DIFFERENCE: [
  Difference<OltEvent, Message<"OltEvent">>,
  Difference<OntEvent, Message<"OntEvent">>,
  Difference<AgentEvent, Message<"AgentEvent">>,
  Difference<RunEvent, Message<"RunEvent">>,
] extends [never, never, never, never]
  ? true
  : never = true;
void NO_DIFFERENCE;

const record = messageCodec(JOURNAL, "Record");

/** @returns the header record with its length before it. */
export function encodeHeader(header: JournalHeader): Uint8Array {
  return record.encodeDelimited({ timeNs: 0, header });
}

/** @returns one record with its length before it; the same record gives the same bytes. */
export const encodeRecord = (entry: JournalRecord): Uint8Array => record.encodeDelimited(messageOf(entry));

/** The same in memory that the next call writes over. */
export const viewRecord = (entry: JournalRecord): Uint8Array => record.viewDelimited(messageOf(entry));

function messageOf(entry: JournalRecord): Message<"Record"> {
  const { timeNs, event } = entry;
  // An event goes as it is: `type` is no field of any.
  const body = { [event.type]: event };
  if (entry.from === "run") return { timeNs, run: body };
  if (entry.from === "agent") return { timeNs, agent: body, ontNumber: entry.ont };
  if (entry.from === "ont") return { timeNs, ont: body, ontNumber: entry.ont };
  return { timeNs, olt: body, ontNumber: entry.ont };
}

/** The one event of a union, its name as `type`. */
function eventOf(union: object): { type: string } {
  const [entry] = Object.entries(union) as [string, object][];
  if (entry === undefined) throw new Error("record names an event this version does not know");
  return { type: entry[0], ...entry[1] };
}

/**
 * Reads one record, without its length.
 * @throws Error when the bytes are no record of this version.
 */
export function decodeRecord(bytes: Uint8Array): DecodedRecord {
  const { timeNs, header, olt, ont, agent, run, ontNumber } = record.decode(bytes);
  if (header) return { kind: "header", header: header as JournalHeader };
  if (olt) {
    const event = eventOf(olt) as OltEvent;
    return {
      kind: "event",
      record: { timeNs, from: "olt", ...(ontNumber !== undefined && { ont: ontNumber }), event },
    };
  }
  if (ont)
    return { kind: "event", record: { timeNs, from: "ont", ont: ontNumber ?? 0, event: eventOf(ont) as OntEvent } };
  if (agent)
    return {
      kind: "event",
      record: { timeNs, from: "agent", ont: ontNumber ?? 0, event: eventOf(agent) as AgentEvent },
    };
  if (run) return { kind: "event", record: { timeNs, from: "run", event: eventOf(run) as RunEvent } };
  throw new Error("record without a body");
}

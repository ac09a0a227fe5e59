import protobuf from "protobufjs/light.js";
import type { OltEvent } from "../../olt/core/types.ts";
import type { OntEvent, StoredImage } from "../../ont/core/types.ts";
import type { RunEvent } from "./types.ts";

type PlainKind = "uint32" | "sint32" | "uint64" | "bool" | "string" | "StoredImage";
type FieldKind = PlainKind | `optional ${PlainKind}`;

/** Fields in the order of their numbers, from 1: new ones go at the end only. */
type EventFields<Event extends { type: string }> = {
  [Type in Event["type"]]: {
    [Field in Exclude<keyof Extract<Event, { type: Type }>, "type">]-?: FieldKind;
  };
};

const windowFields = {
  window: "uint32",
  sections: "uint32",
  paritySections: "uint32",
  onuId: "sint32",
} as const;

const oltEvents = {
  ranged: { onuId: "sint32", serial: "string" },
  phase: { onuId: "sint32", phase: "string", cause: "string" },
  runPhase: { phase: "string", reason: "string" },
  windowSent: windowFields,
  windowAnswered: { window: "uint32", answerNs: "uint64", onuId: "sint32" },
  windowDone: { window: "uint32", rounds: "uint32", onuId: "sint32" },
  repair: { ...windowFields, reason: "string" },
  leftGroup: { onuId: "sint32", window: "uint32", cause: "string" },
  retry: { onuId: "sint32", message: "string", send: "uint32" },
  dropped: { onuId: "sint32", cause: "string" },
  traffic: { fromNs: "uint64", toNs: "uint64", downstreamBytes: "uint64", upstreamBytes: "uint64" },
} as const satisfies EventFields<OltEvent>;

const ontEvents = {
  state: { state: "string", cause: "optional string" },
  offline: { reason: "string" },
  online: { activeSlot: "uint32" },
  bootAttempt: { slot: "uint32", attempt: "uint32" },
  bootFailed: { slot: "uint32", attempt: "uint32", how: "string" },
  fellBack: { from: "uint32", to: "uint32" },
  windowAccepted: {
    window: "uint32",
    sections: "uint32",
    lostSections: "uint32",
    repairedSections: "uint32",
  },
  windowRefused: { window: "uint32", missingSections: "uint32" },
  imageRefused: { cause: "string", window: "uint32" },
  imageStored: { slot: "uint32", image: "StoredImage" },
  dropped: { cause: "string", count: "optional uint32" },
} as const satisfies EventFields<OntEvent>;

const runEvents = {
  oltStarted: { start: "uint32" },
  oltEnded: { code: "sint32", signal: "string", expected: "bool" },
  ontStarted: { ont: "uint32", start: "uint32" },
  ontEnded: { ont: "uint32", code: "sint32", signal: "string", expected: "bool" },
  powerCut: { ont: "uint32", reason: "string" },
  powerRestored: { ont: "uint32" },
  ontGivenUp: { ont: "uint32", cause: "string" },
  note: { text: "string" },
  ended: { outcome: "string", exitCode: "sint32" },
} as const satisfies EventFields<RunEvent>;

const storedImage = {
  version: "string",
  productCode: "string",
  imageBytes: "uint64",
  crc32: "uint32",
  sha256: "string",
  md5: "string",
} as const satisfies { [Field in keyof StoredImage]: FieldKind };

const header = {
  schema: "string",
  version: "string",
  scenario: "string",
  seed: "uint64",
  clock: "string",
  replay: "string",
  onts: "uint32",
} as const satisfies Record<string, FieldKind>;

function messageOf(fields: Record<string, FieldKind>): protobuf.IType {
  const described: Record<string, protobuf.IField> = {};
  const oneofs: Record<string, protobuf.IOneOf> = {};
  for (const [index, [name, kind]] of Object.entries(fields).entries()) {
    const optional = kind.startsWith("optional ");
    described[name] = { type: kind.replace("optional ", ""), id: index + 1 };
    // What `optional` is in proto3: a oneof of its own, so that absent and empty differ.
    if (optional) oneofs[presenceOf(name)] = { oneof: [name] };
  }
  return { fields: described, oneofs };
}

/** Name of the oneof that tells whether an optional field is there. */
function presenceOf(field: string): string {
  return `_${field}`;
}

/** A message with one field per event type, of which one is set. */
function unionOf(events: Record<string, Record<string, FieldKind>>): protobuf.IType {
  const names = Object.keys(events);
  const fields: Record<string, protobuf.IField> = {};
  const nested: Record<string, protobuf.IType> = {};
  for (const [index, name] of names.entries()) {
    const typeName = name[0].toUpperCase() + name.slice(1);
    fields[name] = { type: typeName, id: index + 1 };
    nested[typeName] = messageOf(events[name]);
  }
  return { oneofs: { event: { oneof: names } }, fields, nested };
}

const root = protobuf.Root.fromJSON({
  nested: {
    poncast: {
      nested: {
        StoredImage: messageOf(storedImage),
        Header: messageOf(header),
        OltEvent: unionOf(oltEvents),
        OntEvent: unionOf(ontEvents),
        RunEvent: unionOf(runEvents),
        Record: {
          oneofs: {
            body: { oneof: ["header", "olt", "ont", "run"] },
            [presenceOf("ontNumber")]: { oneof: ["ontNumber"] },
          },
          fields: {
            timeNs: { type: "uint64", id: 1 },
            header: { type: "Header", id: 2 },
            olt: { type: "OltEvent", id: 3 },
            ont: { type: "OntEvent", id: 4 },
            run: { type: "RunEvent", id: 5 },
            /** Number of the ONT in the scenario, beside `ont` and `olt`. */
            ontNumber: { type: "uint32", id: 6 },
          },
        },
      },
    },
  },
});

/** The protobuf message every journal record is; its field numbers are the file format. */
export const recordType = root.lookupType("poncast.Record");

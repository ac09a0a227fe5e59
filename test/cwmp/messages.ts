/** Messages as tests draw them: from the table, so that no RPC and no field is left out. */
import fc from "fast-check";
import { type CwmpField, type CwmpFields, CWMP_VALUE_TYPES } from "../../cwmp/field.ts";
import {
  CWMP_RPC_NAMES,
  CWMP_RPCS,
  CWMP_VERSIONS,
  type CwmpEnvelope,
  type CwmpMessage,
  type CwmpRpc,
} from "../../cwmp/index.ts";

const ITEMS_MAX = 3;
const UNSIGNED_MAX = 0xff_ff_ff_ff;

/** What XML can say, awkward characters first. */
const character = fc.oneof(
  fc.constantFrom("<", ">", "&", "]", '"', "'", "\r", "\n", "\t", " ", "ä", "\u{1F4E1}"),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }).filter((text) => text.length > 0),
);

const words = (charactersMax: number): fc.Arbitrary<string> =>
  fc.array(character, { maxLength: Math.min(charactersMax, 12) }).map((parts) => {
    let text = "";
    for (const part of parts) if (text.length + part.length <= charactersMax) text += part;
    return text;
  });

const times = fc.oneof(
  fc.constant("unknown" as const),
  fc.integer({ min: Date.UTC(1970, 0), max: Date.UTC(9999, 11, 31) }),
  // Since the start of a device without a clock.
  fc.integer({ min: 1, max: 1e9 }).map((ms) => Date.parse("0001-01-01T00:00:00Z") + ms),
);

function valueOf(field: CwmpField): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case "text":
      return words(field.charactersMax);
    case "unsignedInt":
      return fc.oneof(fc.constantFrom(0, UNSIGNED_MAX), fc.nat());
    case "int":
      return fc.integer();
    case "boolean":
      return fc.boolean();
    case "dateTime":
      return times;
    case "any":
      return fc.record({ type: fc.constantFrom(...CWMP_VALUE_TYPES), text: words(64) });
    case "struct":
      return valuesOf(field.fields);
    case "list": {
      const { item, itemsMax } = field;
      const each: fc.Arbitrary<unknown> = item.kind === "text" ? words(item.charactersMax) : valuesOf(item.fields);
      return fc.array(each, { maxLength: Math.min(itemsMax, ITEMS_MAX) });
    }
  }
}

const valuesOf = (fields: CwmpFields): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(Object.entries(fields).map(([property, field]) => [property, valueOf(field)])));

function requestsAndResponses(rpc: CwmpRpc): fc.Arbitrary<CwmpMessage>[] {
  const { request, response } = CWMP_RPCS[rpc];
  return [
    valuesOf(request).map((values) => ({ method: rpc, ...values }) as CwmpMessage),
    valuesOf(response).map((values) => ({ method: `${rpc}Response`, ...values }) as CwmpMessage),
  ];
}

const codes = fc.integer({ min: 8_000, max: 9_899 });

const faults: fc.Arbitrary<CwmpMessage> = fc.record({
  method: fc.constant("Fault" as const),
  soapFaultCode: fc.constantFrom("Client" as const, "Server" as const),
  faultCode: codes,
  faultString: words(256),
  parameterFaults: fc.array(fc.record({ parameterName: words(256), faultCode: codes, faultString: words(256) }), {
    maxLength: ITEMS_MAX,
  }),
});

/** By name, so that a property can be held for each. */
export const messages: readonly [string, fc.Arbitrary<CwmpMessage>][] = [
  ...CWMP_RPC_NAMES.flatMap((rpc): [string, fc.Arbitrary<CwmpMessage>][] => {
    const [request, response] = requestsAndResponses(rpc);
    return [
      [rpc, request],
      [`${rpc}Response`, response],
    ];
  }),
  ["Fault", faults],
];

export const envelopesOf = (message: fc.Arbitrary<CwmpMessage>): fc.Arbitrary<CwmpEnvelope> =>
  fc.record(
    {
      version: fc.constantFrom(...CWMP_VERSIONS),
      id: words(64),
      holdRequests: fc.boolean(),
      sessionTimeoutSeconds: fc.integer({ min: 0, max: 86_400 }),
      supportedVersions: fc.subarray(["1.0", "1.1", "1.2", "1.4"], { minLength: 1 }),
      useVersion: fc.constantFrom("1.0", "1.2"),
      message,
    },
    { requiredKeys: ["version", "id", "message"] },
  );

/** Messages of every kind, drawn from the layouts that the codec itself works by. */
import fc from "fast-check";
import {
  type AnyValues,
  asMessage,
  attributesLength,
  ENTITIES,
  EXTENDED_GET_VALUES_BYTES,
  EXTENDED_SECTION_BYTES_MAX,
  type Field,
  type FieldOf,
  fieldsOf,
  INSTANCES_MAX,
  layoutOf,
  maskBit,
  MESSAGE_NAMES,
  type Message,
  type MessageBody,
  type MessageSet,
} from "../../omci/index.ts";

export const messageTypes = MESSAGE_NAMES;
export const messageSets: readonly MessageSet[] = ["baseline", "extended"];

/** Those this project has attributes of, and one more. */
const classes = fc.constantFrom(...Object.keys(ENTITIES).map(Number), 300);
const u16 = fc.nat(0xffff);

export const bytes = (minLength: number, maxLength = minLength): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength });

/** Attributes that fit, and their values: in baseline zero filled to the width of the field. */
function attributes(classId: number, baseline: boolean, roomBytes: number): fc.Arbitrary<AnyValues> {
  return fc.tuple(u16, bytes(roomBytes)).map(([wanted, content]) => {
    let attributeMask = 0;
    for (let index = 0; index < 16; index++) {
      const mask = attributeMask | (wanted & maskBit(index));
      if ((attributesLength(classId, mask) ?? Infinity) <= roomBytes) attributeMask = mask;
    }
    const length = attributesLength(classId, attributeMask) ?? roomBytes;
    const values = content.slice(0, baseline ? roomBytes : length);
    values.fill(0, length);
    return { attributeMask, values };
  });
}

function uintOf(field: FieldOf<"uint">): fc.Arbitrary<number> {
  if (field.extension) return fc.nat(field.extension.max);
  const bias = field.bias ?? 0;
  return fc.integer({ min: bias, max: 2 ** (8 * field.bytes) - 1 + bias });
}

function valueOf(field: Field, messageSet: MessageSet): fc.Arbitrary<AnyValues[string]> {
  switch (field.kind) {
    case "uint":
      return uintOf(field);
    case "rest":
      return messageSet === "baseline" ? bytes(field.baselineBytes) : bytes(field.minimum, EXTENDED_SECTION_BYTES_MAX);
    case "instances":
      return fc.array(u16, { minLength: field.minimum, maxLength: INSTANCES_MAX });
    case "instanceResults":
      return fc.array(fc.record({ instanceId: u16, result: fc.nat(0xff) }), { maxLength: INSTANCES_MAX });
  }
}

/** Any message of one type that G.988 has room for, and that carries no deviation. */
export function messageOfType(type: MessageBody["type"], messageSet: MessageSet): fc.Arbitrary<Message> {
  const layout = layoutOf(type);
  const fields = fieldsOf(layout, messageSet === "extended");
  const attributeField = fields.find((field) => field.kind === "rest" && field.attributes);
  return fc
    .record({ tci: fc.integer({ min: 1, max: 0xffff }), classId: classes, instanceId: u16, ackRequested: fc.boolean() })
    .chain(({ ackRequested, ...header }) => {
      const plain = fields.filter((field) => field !== attributeField);
      const values = fc.record(Object.fromEntries(plain.map((field) => [field.name, valueOf(field, messageSet)])));
      const baseline = messageSet === "baseline";
      const room =
        attributeField?.kind === "rest" && baseline ? attributeField.baselineBytes : EXTENDED_GET_VALUES_BYTES;
      const listed = attributeField ? attributes(header.classId, baseline, room) : fc.constant({});
      return fc.tuple(values, listed).map(([own, listedValues]) => {
        const ar: AnyValues = layout.ar === "ackRequested" ? { ackRequested } : {};
        return asMessage({ ...own, ...listedValues, ...ar, ...header, messageSet, type });
      });
    });
}

export const anyMessage: fc.Arbitrary<Message> = fc
  .tuple(fc.constantFrom(...messageTypes), fc.constantFrom(...messageSets))
  .chain(([type, messageSet]) => messageOfType(type, messageSet));

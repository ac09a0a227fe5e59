/** Messages of every kind, drawn from the layouts that the codec itself works by. */
import fc from "fast-check";
import {
  type AnyValues,
  asMessage,
  type AttributeList,
  attributesLength,
  classIds,
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

/** Those this project works with, any that it has attributes of, and one of which it has none. */
const classes = fc.oneof(fc.constantFrom(2, 7, 256, 257, 65_280), fc.constantFrom(...classIds(), 400));
const u16 = fc.nat(0xffff);

export const bytes = (minLength: number, maxLength = minLength): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength });

/** The values of what is set by create: in baseline zero filled to the width of the field. */
function created(classId: number, baseline: boolean, roomBytes: number): fc.Arbitrary<AnyValues> {
  return bytes(roomBytes).map((content) => {
    const length = attributesLength(classId, 0, "create") ?? roomBytes;
    const values = content.slice(0, baseline ? roomBytes : length);
    values.fill(0, length);
    return { values };
  });
}

/** Attributes that fit, and their values: in baseline zero filled to the width of the field. */
function masked(classId: number, baseline: boolean, roomBytes: number, list: AttributeList): fc.Arbitrary<AnyValues> {
  return fc.tuple(u16, bytes(roomBytes)).map(([wanted, content]) => {
    let attributeMask = 0;
    for (let index = 0; index < 16; index++) {
      const mask = attributeMask | (wanted & maskBit(index));
      if ((attributesLength(classId, mask, list) ?? Infinity) <= roomBytes) attributeMask = mask;
    }
    const length = attributesLength(classId, attributeMask, list) ?? roomBytes;
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
    case "bytes":
      return bytes(field.bytes);
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
      const list = attributeField?.kind === "rest" ? attributeField.attributes : undefined;
      const listed =
        list === undefined
          ? fc.constant({})
          : list === "create"
            ? created(header.classId, baseline, room)
            : masked(header.classId, baseline, room, list);
      return fc.tuple(values, listed).map(([own, listedValues]) => {
        const ar: AnyValues = layout.ar === "ackRequested" ? { ackRequested } : {};
        return asMessage({ ...own, ...listedValues, ...ar, ...header, messageSet, type });
      });
    });
}

export const anyMessage: fc.Arbitrary<Message> = fc
  .tuple(fc.constantFrom(...messageTypes), fc.constantFrom(...messageSets))
  .chain(([type, messageSet]) => messageOfType(type, messageSet));

/** The table of layouts itself, and what is derived from it. */
import { expect, expectTypeOf, it } from "vitest";
import {
  FRAME_BYTES_MAX,
  LAYOUTS,
  layoutOf,
  maskOf,
  type Message,
  MESSAGE_NAMES,
  PDU_BYTES_MAX,
  RECOVERY,
  sectionDataBytes,
  sectionPduBytes,
  SOFTWARE_IMAGE,
  unpackAttributes,
} from "../../omci/index.ts";

it("both forms of a message have the same fields", () => {
  for (const name of MESSAGE_NAMES) {
    const { fields, extendedFields = fields } = layoutOf(name);
    const byName = (field: { name: string }): string => field.name;
    expect(extendedFields.toSorted((one, other) => byName(one).localeCompare(byName(other)))).toEqual(
      fields.toSorted((one, other) => byName(one).localeCompare(byName(other))),
    );
  }
});

it("no two messages have the same header bits", () => {
  const heads = MESSAGE_NAMES.map((name) => `${LAYOUTS[name].messageType} ${LAYOUTS[name].ak}`);
  expect(new Set(heads).size).toBe(heads.length);
});

it("sizes are those of G.988", () => {
  expect([PDU_BYTES_MAX, FRAME_BYTES_MAX]).toEqual([1976, 1980]);
  expect([sectionDataBytes("baseline"), sectionDataBytes("extended")]).toEqual([31, 1965]);
  expect([sectionPduBytes("baseline", 31), sectionPduBytes("extended", 1965)]).toEqual([44, 1976]);
});

it("types of messages and of attributes follow from the tables", () => {
  type Answer = Extract<Message, { type: "startDownloadResponse" }>;
  expectTypeOf<Answer["windowSections"]>().toEqualTypeOf<number>();
  expectTypeOf<Answer["instanceResults"]>().toEqualTypeOf<{ instanceId: number; result: number }[]>();
  expectTypeOf<Extract<Message, { ackRequested: boolean }>["type"]>().toEqualTypeOf<"downloadSectionRequest">();
  // @ts-expect-error: class 7 has no such attribute.
  expect(() => maskOf(SOFTWARE_IMAGE, "omccVersion")).toThrow("class 7 has no attribute omccVersion");
  expect(maskOf(SOFTWARE_IMAGE, "version", "isValid")).toBe(0x9000);
  expectTypeOf(unpackAttributes(RECOVERY, 0, new Uint8Array(0)).windowBase).toEqualTypeOf<number | undefined>();
});

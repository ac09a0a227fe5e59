/** Writes docs/messages.md from the layouts, so that the page cannot differ from what the codec does. */
import { messageTypeName } from "./constants.ts";
import type { Field, MessageLayout } from "./field.ts";
import { fieldsOf, LAYOUTS } from "./layout.ts";
import { EXTENDED_HEADER_BYTES, HEADER_BYTES } from "./sizes.ts";

/** docs/messages.md: every message with its bytes, from the table that the codec reads. */
export function messageTable(): string {
  const sections = Object.entries(LAYOUTS).map(([name, layout]) => describe(name, layout));
  return [
    "# Messages",
    "",
    "Made by `npm run docs` from `omci/layout.ts`. Offsets count from the beginning of the frame; everything is big-endian.",
    "Baseline contents begin at byte 8 and are zero padded to 32 bytes; extended contents begin at byte 10, behind their length.",
    "",
    ...sections,
  ].join("\n");
}

function describe(name: string, layout: MessageLayout): string {
  const flags = [layout.ar ? "AR" : "", layout.ak ? "AK" : ""].filter(Boolean).join(", ") || "neither AR nor AK";
  const baseline = rowsOf(fieldsOf(layout, false), HEADER_BYTES, false);
  const extended = rowsOf(fieldsOf(layout, true), EXTENDED_HEADER_BYTES, true);
  return [
    `## ${messageTypeName(layout.messageType)}: \`${name}\``,
    "",
    `Message type ${layout.messageType}, ${flags}; G.988 ${layout.clause}.`,
    "",
    "| field | baseline | extended | bytes | |",
    "|---|---|---|---|---|",
    ...baseline.map((row) => {
      const twin = extended.find((candidate) => candidate.name === row.name)!;
      return `| ${row.name} | ${row.at} | ${twin.at} | ${row.bytes === twin.bytes ? row.bytes : `${row.bytes} / ${twin.bytes}`} | ${row.note} |`;
    }),
    baseline.length === 0 ? "| no contents | | | | |" : "",
    "",
  ].join("\n");
}

interface Row {
  name: string;
  at: string;
  bytes: string;
  note: string;
}

function rowsOf(fields: readonly Field[], start: number, extended: boolean): Row[] {
  let at = start;
  return fields.map((field) => {
    if (field.kind === "uint" && !extended) at += field.baselinePaddingBytes ?? 0;
    const bytes = widthOf(field, extended);
    const row = { name: field.name, at: String(at), bytes: String(bytes), note: noteOf(field) };
    if (typeof bytes === "number") at += bytes;
    return row;
  });
}

function widthOf(field: Field, extended: boolean): number | string {
  switch (field.kind) {
    case "uint":
    case "bytes":
      return field.bytes;
    case "rest":
      return extended ? "the rest" : field.baselineBytes;
    case "instances":
      return "1 + 2 each";
    case "instanceResults":
      return "1 + 3 each";
  }
}

function noteOf(field: Field): string {
  switch (field.kind) {
    case "uint":
      if (field.optional) return "some leave it out";
      if (field.extension) return "extension, in bytes G.988 leaves unused";
      return field.bias === 1 ? "the wire carries the number less one" : (field.meaning ?? "");
    case "rest":
      if (field.entries) return "ME by ME";
      if (field.attributes === "create") return "values of the attributes that are set by create, in order";
      return field.attributes ? "attribute values in order" : "";
    case "bytes":
      return "";
    case "instances":
      return "count, then instances";
    case "instanceResults":
      return "count, then instance and result";
  }
}

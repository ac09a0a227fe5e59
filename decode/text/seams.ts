/** Records of JSON or of XML that stand on one line. */

/** Between records of JSON or of XML that stand on one line. */
const RECORD_SEAM = /(?<=[}\]"])\s*,\s*(?=[{[])|(?<=>)(?=<)/;
const OBJECT_SEAM = /(?<=\})\s*,\s*(?=\{)/;
/** What stands round all records is short, and holds no bytes. */
const OUTER_MAX = 512;
const BYTES = /[\da-f]{20}|(?:\b\d{1,3}[,\s]+){10}|[\w+/]{40}/i;

export const recordsOf = (line: string): string[] => line.split(RECORD_SEAM);

/** Objects one behind the other, each with what stands round all of them; the line itself where they are parts of one thing. */
export function objectsOf(line: string): string[] {
  const objects = line.split(OBJECT_SEAM);
  if (objects.length < 2) return [line];
  const first = objects[0];
  const last = objects.at(-1)!;
  const start = startOfLast(first);
  const end = endOfFirst(last);
  if (start < 0 || end < 0) return [line];
  const outer = `${first.slice(0, start)} ${last.slice(end)}`;
  if (BYTES.test(outer) || outer.length > OUTER_MAX) return [line];
  objects[0] = first.slice(start);
  objects[objects.length - 1] = last.slice(0, end);
  // Behind it: an object's own time and name come first.
  return /[a-z]/i.test(outer) ? objects.map((object) => `${object} ${outer}`) : objects;
}

/** Where the object that ends with the text begins; -1: not in it. */
function startOfLast(text: string): number {
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    if (text[at] === "}") depth++;
    else if (text[at] === "{" && --depth === 0) return at;
  }
  return -1;
}

/** Behind the object that begins with the text; -1: it does not end. */
function endOfFirst(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return at + 1;
  }
  return -1;
}

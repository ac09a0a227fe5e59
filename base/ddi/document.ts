/** A JSON document from somebody else, read with limits: one line says what is wrong and where. */
import type { DdiReading } from "./types.ts";

/** Of one document, either way; hawkBit's own are a few kB. */
export const DDI_DOCUMENT_BYTES_MAX = 256 * 1024;
const DEPTH_MAX = 12;
const VALUES_MAX = 20_000;
const SHOWN_MAX = 40;

/** Keys that name what every object of JavaScript has: nobody needs them, whoever copies them may lose control. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
// eslint-disable-next-line no-control-regex -- what must not get onto a terminal
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const CONTROLS = new RegExp(CONTROL.source, "g");

/** What is wrong with a document; never leaves this folder. */
class Unreadable extends Error {}

/** A value of the document, with the place where it is: `deployment.chunks[0].name`. */
export class DocumentField {
  readonly #value: unknown;
  readonly #place: string;

  constructor(value: unknown, place: string) {
    this.#value = value;
    this.#place = place;
  }

  get isAbsent(): boolean {
    return this.#value === undefined || this.#value === null;
  }

  /** @throws Unreadable */
  fail(problem: string): never {
    throw new Unreadable(`${this.#place || "document"}: ${problem}`);
  }

  /** A field of an object; absent where it has none of that name. */
  at(key: string): DocumentField {
    const object = this.#object();
    return new DocumentField(
      Object.hasOwn(object, key) ? object[key] : undefined,
      this.#place ? `${this.#place}.${key}` : key,
    );
  }

  /** All fields of an object. */
  entries(max: number): [string, DocumentField][] {
    const object = this.#object();
    const keys = Object.keys(object);
    if (keys.length > max) this.fail(`more than ${max} fields`);
    return keys.map((key) => [key, this.at(key)]);
  }

  items(max: number): DocumentField[] {
    if (!Array.isArray(this.#value)) return this.fail(`a list is needed, not ${shown(this.#value)}`);
    if (this.#value.length > max) this.fail(`more than ${max} entries`);
    return this.#value.map((value, index) => new DocumentField(value, `${this.#place}[${index}]`));
  }

  /** Without control characters. @param max characters */
  text(max: number): string {
    const text = this.#text(max);
    if (CONTROL.test(text)) this.fail("control characters are not allowed");
    return text;
  }

  /** For people: control characters become spaces, what is too long is cut. */
  line(max: number): string {
    const text = typeof this.#value === "string" ? this.#value : this.fail(`text is needed, not ${shown(this.#value)}`);
    return text.slice(0, max).replaceAll(CONTROLS, " ").trim();
  }

  oneOf<const Words extends readonly string[]>(words: Words): Words[number] {
    const text = this.#value;
    const found = words.find((word) => word === text);
    return found ?? this.fail(`one of ${words.join(", ")} is needed, not ${shown(text)}`);
  }

  /** 0 to `max`. */
  count(max: number = Number.MAX_SAFE_INTEGER): number {
    const value = this.#value;
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0 || value > max)
      return this.fail(`a whole number from 0 to ${max} is needed, not ${shown(value)}`);
    return value;
  }

  /** Number, truth or text, as text: clients differ in how they write what they say of themselves. */
  scalar(max: number): string {
    const value = this.#value;
    if (typeof value === "number" || typeof value === "boolean") return `${value}`;
    return this.text(max);
  }

  #object(): Record<string, unknown> {
    const value = this.#value;
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return this.fail(`an object is needed, not ${shown(value)}`);
    return value as Record<string, unknown>;
  }

  #text(max: number): string {
    const value = this.#value;
    if (typeof value !== "string") return this.fail(`text is needed, not ${shown(value)}`);
    if (value.length > max) this.fail(`longer than ${max} characters`);
    return value;
  }
}

/** What stands there, short enough for a line. */
function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const text = (JSON.stringify(value) ?? "").replaceAll(CONTROLS, " ");
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
}

/** Reads a document whole, or says in one line why it cannot be. */
export function readDocument<Value>(
  source: string | Uint8Array,
  read: (root: DocumentField) => Value,
): DdiReading<Value> {
  try {
    return { ok: true, value: read(new DocumentField(parse(source), "")) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { ok: false, problem: error.message };
  }
}

function parse(source: string | Uint8Array): unknown {
  const bytes = typeof source === "string" ? Buffer.byteLength(source) : source.length;
  if (bytes > DDI_DOCUMENT_BYTES_MAX) throw new Unreadable(`document: longer than ${DDI_DOCUMENT_BYTES_MAX} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(typeof source === "string" ? source : new TextDecoder("utf-8", { fatal: true }).decode(source));
  } catch {
    throw new Unreadable(bytes === 0 ? "document: empty" : "document: not JSON in UTF-8");
  }
  checkShape(value);
  return value;
}

/** Depth, size and keys of the whole document, those parts too that nobody reads. */
function checkShape(root: unknown): void {
  const open: [unknown, number][] = [[root, 1]];
  let values = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [value, depth] = next;
    if (++values > VALUES_MAX) throw new Unreadable(`document: more than ${VALUES_MAX} values`);
    if (typeof value !== "object" || value === null) continue;
    if (depth > DEPTH_MAX) throw new Unreadable(`document: deeper than ${DEPTH_MAX} levels`);
    for (const [key, inner] of Object.entries(value)) {
      if (FORBIDDEN_KEYS.has(key)) throw new Unreadable(`document: the key ${key} is not allowed`);
      open.push([inner, depth + 1]);
    }
  }
}

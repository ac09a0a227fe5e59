/** Bytes of a file to lines of text: encodings, ends of lines, lines without end. */

/** A line that is longer is cut where something ends in it, or passed over. */
const LINE_LETTERS_MAX = 64 * 1024;
/** From here on a line is looked through for places where it may be cut. */
const LONG_LETTERS = 4096;
/** Between records of JSON or of XML that stand on one line. */
const RECORD_SEAM = /(?<=[}\]"])\s*,\s*(?=[{[])|(?<=>)(?=<)/;
const CUT_MARKS = ["},", "],", '",', "><"] as const;
/** Bytes that are looked at for the encoding. */
const SAMPLE_BYTES = 1024;
const BINARY_SHARE = 0.2;

export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "binary";

/** By its mark, else by where zero bytes stand. */
export function encodingOf(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  const zeros = [0, 0];
  let controls = 0;
  for (const [at, byte] of sample.entries()) {
    if (byte === 0) zeros[at % 2]++;
    else if (byte < 9 || (byte > 13 && byte < 27) || byte === 0x7f) controls++;
  }
  if (zeros[1] > sample.length / 3 && zeros[0] === 0) return "utf-16le";
  if (zeros[0] > sample.length / 3 && zeros[1] === 0) return "utf-16be";
  return zeros[0] + zeros[1] + controls > sample.length * BINARY_SHARE ? "binary" : "utf-8";
}

/** Cuts text into lines, whatever pieces it comes in. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  #encoding: Encoding | undefined;
  #decoder: InstanceType<typeof TextDecoder> | undefined;
  #rest = "";

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** Undefined until the first bytes have come. */
  get encoding(): Encoding | undefined {
    return this.#encoding;
  }

  add(chunk: Uint8Array): void {
    if (this.#encoding === undefined) this.#begin(chunk);
    const text = this.#rest + this.#textOf(chunk);
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
      this.#whole(text.slice(from, end));
      from = end + 1;
    }
    this.#rest = text.slice(from);
    if (this.#rest.length > LINE_LETTERS_MAX) this.#cutRest();
  }

  end(): void {
    const last = this.#rest + (this.#decoder?.decode() ?? "");
    this.#rest = "";
    if (last !== "") this.#whole(last);
  }

  #begin(chunk: Uint8Array): void {
    this.#encoding = encodingOf(chunk);
    if (this.#encoding.startsWith("utf-16")) this.#decoder = new TextDecoder(this.#encoding);
  }

  /** What matters in a line is ASCII: other letters may stand for themselves byte by byte. */
  #textOf(chunk: Uint8Array): string {
    if (this.#decoder !== undefined) return this.#decoder.decode(chunk, { stream: true });
    return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1");
  }

  #whole(line: string): void {
    if (!line.includes("\r")) return this.#pieces(line);
    for (const piece of line.split("\r")) if (piece !== "" || line === "\r") this.#pieces(piece);
  }

  #pieces(line: string): void {
    const isTagged = line.includes("><");
    if (line.length < LONG_LETTERS && !isTagged) return this.#onLine(line);
    for (const piece of line.split(RECORD_SEAM)) this.#onLine(piece.length > LINE_LETTERS_MAX ? "(too long)" : piece);
  }

  /** A line without end: JSON on one line, as a rule. */
  #cutRest(): void {
    const cuts = CUT_MARKS.map((mark) => this.#rest.lastIndexOf(mark)).filter((at) => at > 0);
    const at = Math.max(0, ...cuts);
    const [front, behind] = at === 0 ? ["(too long)", ""] : [this.#rest.slice(0, at + 1), this.#rest.slice(at + 1)];
    this.#rest = behind.length > LINE_LETTERS_MAX ? "" : behind;
    this.#pieces(front);
  }
}

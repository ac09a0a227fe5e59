/** Lines that are one thing: an array over several lines, a JSON object that was printed to be read. */

const LETTERS_MAX = 64 * 1024;
const LINES_MAX = 4096;
/** Numbers, strings of escapes and what stands between and behind them. */
const ARRAY_LINE = /^[\s\da-fxhu,'"\\+-]*[\])}]*[;,)\s]*$/i;
const ESCAPES_LINE = /^\s*b?["'].*["']\s*[+)\];,]*\s*$/;
const OPENS_ARRAY = /(?:[[{(]|(?<![=<>!])=)\s*\\?$/;
const CLOSES = /[\])};]/;

/** Changes how deep a piece of JSON is; braces in strings do not count. */
function depthOf(line: string): number {
  if (!line.includes("{") && !line.includes("}")) return 0;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < line.length; at++) {
    const letter = line[at];
    if (letter === "\\") at++;
    else if (letter === '"') inString = !inString;
    else if (!inString && letter === "{") depth++;
    else if (!inString && letter === "}") depth--;
  }
  return depth;
}

export class RecordJoiner {
  readonly #onLine: (line: string) => void;
  readonly #onObject: (text: string, lines: readonly string[]) => void;
  #lines: string[] = [];
  #letters = 0;
  #kind: "array" | "object" | undefined;
  #depth = 0;

  /** @param onObject takes a whole object, and its lines for when it is better read line by line */
  constructor(onLine: (line: string) => void, onObject: (text: string, lines: readonly string[]) => void) {
    this.#onLine = onLine;
    this.#onObject = onObject;
  }

  line(line: string): void {
    if (this.#kind === "array") return this.#array(line);
    if (this.#kind === "object") return this.#object(line);
    return this.#begin(line);
  }

  end(): void {
    if (this.#kind === "object") for (const line of this.#taken()) this.#onLine(line);
    else this.#close();
  }

  #begin(line: string): void {
    const last = line.length > 0 ? line.trimEnd().at(-1) : undefined;
    const first = last === undefined ? undefined : line.trimStart()[0];
    if ((first === "{" || (first === "[" && last === "{")) && depthOf(line) > 0) return this.#open("object", line);
    const mayOpen = last === "[" || last === "{" || last === "(" || last === "=" || last === "\\";
    if (mayOpen && OPENS_ARRAY.test(line)) return this.#open("array", line);
    this.#onLine(line);
  }

  #open(kind: "array" | "object", line: string): void {
    this.#kind = kind;
    this.#lines = [line];
    this.#letters = line.length;
    this.#depth = kind === "object" ? depthOf(line) : 0;
  }

  #array(line: string): void {
    const isPart = ARRAY_LINE.test(line) || ESCAPES_LINE.test(line);
    if (!isPart || this.#isTooLong(line)) {
      this.#close();
      return this.#begin(line);
    }
    this.#lines.push(line);
    if (CLOSES.test(line.replaceAll(/"(?:[^"\\]|\\.)*"/g, ""))) this.#close();
  }

  #object(line: string): void {
    if (this.#isTooLong(line)) {
      for (const one of this.#taken()) this.#onLine(one);
      return this.#onLine(line);
    }
    this.#lines.push(line);
    this.#depth += depthOf(line);
    if (this.#depth > 0) return;
    const lines = this.#taken();
    this.#onObject(lines.join(" "), lines);
  }

  #isTooLong(line: string): boolean {
    this.#letters += line.length;
    return this.#letters > LETTERS_MAX || this.#lines.length >= LINES_MAX;
  }

  #close(): void {
    const lines = this.#taken();
    if (lines.length > 0) this.#onLine(lines.join(" "));
  }

  #taken(): string[] {
    const lines = this.#lines;
    this.#lines = [];
    this.#letters = 0;
    this.#kind = undefined;
    return lines;
  }
}

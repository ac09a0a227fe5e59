/** A few lines that are kept up to date: painted over on a terminal, told one by one where they change elsewhere. */
import { clip, cursor, harmless } from "../base/terminal/index.ts";
import { lookOf, type Terminal } from "./view/index.ts";

const COLUMNS_DEFAULT = 80;

export class StatusLines {
  readonly #stream: Terminal & { isTTY?: boolean };
  readonly #isLive: boolean;
  #rows = 0;
  #told: readonly string[] = [];

  constructor(stream: Terminal & { isTTY?: boolean }) {
    this.#stream = stream;
    this.#isLive = lookOf(stream, process.env).live;
  }

  /** @param plain the same for logs, where they are to tell less */
  show(lines: readonly string[], plain = lines): void {
    if (this.#isLive) return this.#paint(lines);
    for (const [at, line] of plain.entries())
      if (line !== "" && line !== this.#told[at]) this.#stream.write(`${harmless(line)}\n`);
    this.#told = [...plain];
  }

  /** Makes room for lines that stay. */
  clear(): void {
    if (this.#rows > 0) this.#stream.write(cursor.up(this.#rows) + cursor.eraseBelow);
    this.#rows = 0;
  }

  #paint(lines: readonly string[]): void {
    const columns = (this.#stream.columns ?? COLUMNS_DEFAULT) - 1;
    const rows = lines.map((line) => `${clip(harmless(line), columns)}${cursor.eraseLineRight}\n`).join("");
    this.#stream.write(cursor.beginFrame + cursor.up(this.#rows) + rows + cursor.eraseBelow + cursor.endFrame);
    this.#rows = lines.length;
  }
}

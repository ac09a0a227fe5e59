/** A terminal for tests: the few sequences the view uses, anything else is an error. */
export class TestTerminal {
  columns: number;
  rows: number;
  #screen: string[][] = [[]];
  #row = 0;
  #column = 0;
  cursorShown = true;
  writes = 0;
  isTTY = true;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string): true {
    this.writes++;
    // eslint-disable-next-line no-control-regex -- escape sequences begin with a control character
    for (const [part] of text.matchAll(/\u001b\[[?0-9;]*[A-Za-z]|[^]/gu)) {
      if (part.startsWith("\u001b[")) this.#control(part.slice(2, -1), part.at(-1)!);
      else this.#character(part);
    }
    return true;
  }

  /** What is to be seen and was scrolled off, without blanks at line ends and lines at the end. */
  get text(): string {
    return this.#screen
      .map((line) =>
        Array.from(line, (each) => each ?? " ")
          .join("")
          .trimEnd(),
      )
      .join("\n")
      .trimEnd();
  }

  get cursorColumn(): number {
    return this.#column;
  }

  #control(parameter: string, final: string): void {
    const count = Number(parameter || 1);
    if (final === "m") return;
    if (final === "A") this.#row = Math.max(this.#screen.length - this.rows, 0, this.#row - count);
    else if (final === "K" && parameter === "")
      this.#screen[this.#row]!.length = Math.min(this.#screen[this.#row]!.length, this.#column);
    else if (final === "J" && parameter === "") {
      this.#screen.length = this.#row + 1;
      this.#screen[this.#row]!.length = Math.min(this.#screen[this.#row]!.length, this.#column);
    } else if (parameter === "?25" && (final === "h" || final === "l")) this.cursorShown = final === "h";
    else if (parameter !== "?2026") throw new Error(`unknown sequence ${parameter}${final}`);
  }

  #character(character: string): void {
    if (character === "\n") return this.#newLine();
    if (character === "\r") {
      this.#column = 0;
      return;
    }
    if (this.#column >= this.columns) this.#newLine();
    this.#screen[this.#row]![this.#column++] = character;
  }

  #newLine(): void {
    this.#row++;
    this.#column = 0;
    this.#screen[this.#row] ??= [];
  }

  /** Another width, with lines broken again as most terminals do. */
  resize(columns: number): void {
    const broken: string[][] = [];
    for (const [at, line] of this.#screen.entries()) {
      if (at === this.#row) this.#row = broken.length;
      for (let from = 0; from === 0 || from < line.length; from += columns)
        broken.push(line.slice(from, from + columns));
    }
    this.#screen = broken;
    this.columns = columns;
  }
}

/** The live view: keeps one picture in its place on a terminal, and leaves the terminal as it was. */
import { cursor, widthOf } from "../../base/terminal/index.ts";
import { renderPicture } from "./picture.ts";
import type { RunScreen } from "./types.ts";

/** The terminal, as much of it as the view uses; `process.stdout` and `process.stderr` fit. */
export interface Terminal {
  write(text: string): unknown;
  columns?: number;
  rows?: number;
}

/** What shows a run while it goes on. */
export interface ProgressView {
  update(view: RunScreen): void;
  /** A line that stays: a warning, a note. */
  log(line: string): void;
  /** Leaves the terminal as it was; may be called twice. */
  stop(): void;
}

const COLUMNS_DEFAULT = 80;
const ROWS_DEFAULT = 24;

/**
 * Redraws one picture in place: a picture goes out in a single write, lines are overwritten before the rest of them is erased, so
 * that nothing flickers. What stands above the picture stays.
 */
export class LiveView implements ProgressView {
  readonly #terminal: Terminal;
  readonly #look: { colour: boolean; unicode: boolean };
  /** The picture on the screen, without the line the cursor is on. */
  #lines: string[] = [];
  #drawn = "";
  #view: RunScreen | undefined;
  #active = false;
  readonly #restore = (): void => this.stop();

  constructor(terminal: Terminal, look: { colour: boolean; unicode: boolean }) {
    this.#terminal = terminal;
    this.#look = look;
  }

  update(view: RunScreen): void {
    this.#view = view;
    this.#draw("");
  }

  log(line: string): void {
    if (this.#view === undefined || !this.#active) this.#terminal.write(`${line}\n`);
    else this.#draw(`${line}${cursor.eraseLineRight}\n`);
  }

  /** Takes the picture off the screen and shows the cursor. */
  stop(): void {
    if (!this.#active) return;
    this.#active = false;
    process.off("exit", this.#restore);
    this.#terminal.write(`${cursor.up(this.#rowsUp())}${cursor.eraseBelow}${cursor.show}`);
    this.#lines = [];
    this.#drawn = "";
  }

  #draw(above: string): void {
    if (this.#view === undefined) return;
    const { columns = COLUMNS_DEFAULT, rows = ROWS_DEFAULT } = this.#terminal;
    const picture = renderPicture(this.#view, { columns, rows, ...this.#look });
    if (picture === this.#drawn && above === "") return;
    const start = this.#active ? cursor.up(this.#rowsUp()) : cursor.hide;
    if (!this.#active) process.on("exit", this.#restore);
    this.#active = true;
    this.#lines = picture.split("\n");
    this.#drawn = picture;
    const body = this.#lines.map((line) => `${line}${cursor.eraseLineRight}\n`).join("");
    this.#terminal.write(`${cursor.beginFrame}${start}${above}${body}${cursor.eraseBelow}${cursor.endFrame}`);
  }

  /** Rows the picture takes on the screen as wide as it is now: a narrower terminal has broken its lines. */
  #rowsUp(): number {
    const columns = Math.max(1, this.#terminal.columns ?? COLUMNS_DEFAULT);
    return this.#lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns)), 0);
  }
}

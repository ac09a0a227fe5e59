/** The frames that a line holds, in whichever form its bytes are written: digits first, other forms where those hold none. */
import type { LinkReader } from "../../pon/capture/index.ts";
import { otherForms } from "./forms.ts";
import { type FrameInLine, framesIn } from "./found.ts";
import type { Line } from "./lines.ts";
import { SEEN } from "./letters.ts";
import { HexRuns } from "./runs.ts";

/** Fewest digits that may be a frame: an extended header. */
const FRAME_DIGITS_MIN = 20;
const NOTHING: readonly FrameInLine[] = [];

export class FrameSearch {
  /** Of the line scanned last. */
  readonly runs = new HexRuns();
  readonly #links: LinkReader;

  constructor(links: LinkReader) {
    this.#links = links;
  }

  /** @param line the one that was scanned last */
  foundIn(line: Line): readonly FrameInLine[] {
    const { runs } = this;
    let found = NOTHING;
    for (let index = 0; index < runs.count; index++) {
      const run = runs.run(index);
      if (run.digitCount < FRAME_DIGITS_MIN) continue;
      const { frames, stray } = framesIn(run.bytes, this.#links);
      if (frames.length === 0) continue;
      const word = (2 * stray) / run.width;
      const start = Number.isInteger(word) && word < run.count ? run.word(word) : run.word(0);
      const one = { frames, start, end: run.end, run, stray };
      found = found.length === 0 ? [one] : [...found, one];
    }
    if (found.length > 0 || line.length < FRAME_DIGITS_MIN) return found;
    for (const bytes of otherForms(line, (runs.seen & SEEN.backslash) !== 0, runs.wordsInRows)) {
      const { frames } = framesIn(bytes, this.#links);
      // Where these forms stand in the line does not matter: digits in them name nobody.
      if (frames.length > 0) return [{ frames, start: line.to, end: line.to, stray: 0 }];
    }
    return found;
  }
}

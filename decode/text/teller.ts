/** Hands frames on with what their lines tell: once where a dissector shows them twice, late where a report tells more behind them. */
import type { LinkFrame } from "../../pon/capture/index.ts";
import type { InputFrame } from "../types.ts";
import { FrameMaker, type Marks, marksOf, overlaid } from "./marks.ts";

export class FrameTeller {
  /** It is a report: the time may stand behind the frame. */
  isReport = false;
  /** Rows of several frames stand between one another, and nothing tells them apart. */
  areRowsMixed = false;
  readonly #onFrame: (frame: InputFrame) => void;
  readonly #maker = new FrameMaker();
  /** Frames of the packet that a dissector shows. */
  #packetFrames: Set<string> | undefined;
  /** A report's record may tell the time behind the frame. */
  #late: { frame: LinkFrame; marks: Marks } | undefined;

  constructor(onFrame: (frame: InputFrame) => void) {
    this.#onFrame = onFrame;
  }

  get isInPacket(): boolean {
    return this.#packetFrames !== undefined;
  }

  /** What a line tells beside frames is told of nothing that is here: those of no time wait for it in a report. */
  isDeafWith(isTimed: boolean): boolean {
    return this.#late === undefined && !this.isInPacket && (isTimed || !this.isReport);
  }

  beginPacket(): void {
    this.#packetFrames = new Set();
  }

  emit(frame: LinkFrame, marks: Marks): void {
    if (this.#packetFrames !== undefined) {
      const digits = Buffer.from(frame.frame).toString("hex");
      if (this.#packetFrames.has(digits)) return;
      this.#packetFrames.add(digits);
    }
    this.endLate();
    if (this.isReport && marks.time === undefined) this.#late = { frame, marks };
    else this.#make(frame, marks);
  }

  /** @returns whether a frame waits for what the line tells */
  tellLate(line: string): boolean {
    const late = this.#late;
    if (late === undefined) return false;
    late.marks = overlaid(marksOf(line), late.marks);
    return true;
  }

  endLate(): void {
    const late = this.#late;
    if (late === undefined) return;
    this.#late = undefined;
    this.#make(late.frame, late.marks);
  }

  #make(frame: LinkFrame, marks: Marks): void {
    const made = this.#maker.make(frame, marks);
    if (this.areRowsMixed) made.isMixed = true;
    this.#onFrame(made);
  }
}

/** Captures of a conformance run, one file for each case, with the frame numbers that its report names. */
import { join } from "node:path";
import { crc32 } from "../../base/kernel/index.ts";
import type { ConformCase } from "../core/case.ts";
import type { EvidenceFrame } from "../core/evidence.ts";
import type { CaseReport } from "../core/outcome.ts";
import type { CaseCaptures } from "../core/runner.ts";
import { faultLine, verdictWords } from "../core/table.ts";
import type { Transport } from "../core/transport.ts";
import { WholeCapture } from "./whole-capture.ts";

/** Where the way to the ONT under test names no ONU-ID. */
const ONU_ID = 1;
/** A TCI that comes again so many frames later has come round, and is no repeat. */
const REPEAT_FRAMES_MAX = 4096;

/** The file of a case in its folder. */
export const captureNameOf = (id: string): string => `${id}.pcapng`;

/** A request, as far as it can be told from its repeat. */
interface Sent {
  number: number;
  crc32: number;
}

/**
 * A capture for each case, with comments on where steps begin, on what the tester did on purpose, and on the verdict.
 * The numbers of frames in reports are those of the capture.
 */
export class CaseCaptureFolder implements CaseCaptures {
  readonly #folder: string;
  readonly #onFault: (line: string) => void;
  #case: ConformCase | undefined;
  #capture: WholeCapture | undefined;
  #step = -1;
  #sent = new Map<number, Sent>();
  #isClosed = false;

  /** @param onFault told of a capture that cannot be written */
  constructor(folder: string, onFault: (line: string) => void) {
    this.#folder = folder;
    this.#onFault = onFault;
  }

  frame(each: ConformCase, frame: EvidenceFrame, transport: Transport): void {
    if (this.#isClosed) return;
    if (this.#case !== each) this.#begin(each);
    const { timeNs, direction, bytes, damaged = false } = frame;
    const isDown = direction === "toOnt";
    const comment = [...this.#stepNotes(each, frame), ...(frame.notes ?? []), ...this.#repeatNotes(frame)].join("; ");
    this.#capture?.add({
      timeNs: timeNs + (transport.epochNs ?? 0),
      direction: isDown ? "down" : "up",
      onuId: transport.onuId ?? ONU_ID,
      frame: isDown && transport.sealed !== undefined ? transport.sealed(bytes, damaged) : bytes,
      ...(comment !== "" && { comment }),
    });
  }

  finish(report: CaseReport): string | undefined {
    const capture = this.#capture;
    this.#capture = undefined;
    this.#case = undefined;
    if (capture === undefined) return undefined;
    const { id, verdict, fault, cause } = report;
    const word = verdictWords[verdict];
    const last = capture.frames;
    if (fault === undefined) capture.comment(last, `${id}: ${word}${cause === undefined ? "" : `: ${cause}`}`);
    else {
      const shownIn = fault.frame > 0 ? fault.frame : last;
      capture.comment(shownIn, `${id}: ${word}: ${faultLine(fault)}`);
      if (shownIn !== last) capture.comment(last, `${id}: ${word}, see frame ${shownIn}`);
    }
    return capture.finish() ? capture.path : undefined;
  }

  close(): void {
    this.#isClosed = true;
    this.#capture?.discard();
    this.#capture = undefined;
  }

  #begin(each: ConformCase): void {
    this.#case = each;
    this.#step = -1;
    this.#sent = new Map();
    this.#capture = new WholeCapture(join(this.#folder, captureNameOf(each.id)), this.#onFault);
  }

  #stepNotes({ id, title, clause, steps }: ConformCase, { step }: EvidenceFrame): string[] {
    if (step === this.#step) return [];
    const isFirst = this.#step < 0;
    this.#step = step;
    return [
      ...(isFirst ? [`${id}: ${title} [G.988 ${clause}]`] : []),
      step === 0 ? "preconditions" : `step ${step}: ${steps[step - 1]?.text.replace(/\.$/, "")}`,
    ];
  }

  /** Requests whose TCI was there before, which the tester does on purpose. */
  #repeatNotes({ number, direction, bytes }: EvidenceFrame): string[] {
    if (direction !== "toOnt") return [];
    const tci = (bytes[0] << 8) | bytes[1];
    const before = this.#sent.get(tci);
    const now = { number, crc32: crc32(bytes) };
    this.#sent.set(tci, now);
    if (before === undefined || number - before.number > REPEAT_FRAMES_MAX) return [];
    return [
      before.crc32 === now.crc32
        ? `repeats frame ${before.number} to the bit`
        : `has the TCI of frame ${before.number} and is another`,
    ];
  }
}

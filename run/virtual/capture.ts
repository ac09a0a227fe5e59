/** The capture of a run in virtual time. It watches the simulation and changes nothing in it. */
import { encodeSection, type Trailer, type SectionSpan, type TrailerPair, FRAME_ROOM_BYTES } from "../../omci/index.ts";
import { BROADCAST } from "../../pon/types.ts";
import { type LinkTrailers, linkTrailers } from "../../olt/process/index.ts";
import { type CapturedFrame, CaptureFile, clearCaptureFile } from "../../pon/capture/index.ts";
import type { RunEvent } from "../journal/index.ts";
import { trailerChoiceOf } from "../fleet/keys.ts";
import type { Scenario } from "../../scenarios/index.ts";
import type { Observer } from "./observer.ts";
import type { VirtualOnt } from "./virtual-ont.ts";

/** ONTs that a comment names. */
const NAMED_MAX = 16;
const NS_PER_SECOND = 1e9;

type Seals = TrailerPair;

/** A frame that left, as long as it may still turn out to be lost. */
interface Leaving extends CapturedFrame {
  missedBy: number[];
  lostOnFeeder: boolean;
}

/**
 * Every OMCI frame of a run in virtual time, with its trailer, as it is at the OLT: what gets lost on the way down is in it,
 * with a comment; what gets lost on the way up is not. Power cuts are comments on the frame behind them.
 */
export class VirtualCapture implements Observer {
  readonly #file: CaptureFile;
  readonly #trailers: LinkTrailers;
  readonly #ontOf: (pon: number, onuId: number) => VirtualOnt | undefined;
  readonly #seals = new Map<VirtualOnt, Seals>();
  readonly #scratch = new Uint8Array(FRAME_ROOM_BYTES);
  #leaving: Leaving[] = [];
  #events: string[] = [];

  /** @throws Error when the file cannot be written */
  constructor(path: string, scenario: Scenario, ontOf: (pon: number, onuId: number) => VirtualOnt | undefined) {
    clearCaptureFile(path);
    this.#file = new CaptureFile(path, (line) => process.stderr.write(`${path}: ${line}\n`));
    this.#trailers = linkTrailers(trailerChoiceOf(scenario));
    this.#ontOf = ontOf;
  }

  sections(timeNs: number, pon: number, onuId: number, span: SectionSpan): void {
    this.#flush();
    const seal = this.#downstreamSeal(pon, onuId);
    for (let index = 0; index < span.count; index++) {
      const lengthBytes = encodeSection(span, index, this.#scratch, 0);
      this.#leave(timeNs, pon, onuId, lengthBytes, seal);
    }
  }

  frame(timeNs: number, pon: number, onuId: number, pdu: Uint8Array): void {
    this.#flush();
    this.#scratch.set(pdu);
    this.#leave(timeNs, pon, onuId, pdu.length, this.#downstreamSeal(pon, onuId));
  }

  missed(_pon: number, ont: VirtualOnt | undefined, index: number): void {
    const frame = this.#leaving[index];
    if (ont === undefined) frame.lostOnFeeder = true;
    else frame.missedBy.push(ont.onuId);
  }

  upstream(timeNs: number, ont: VirtualOnt, pdu: Uint8Array): void {
    this.#flush();
    this.#scratch.set(pdu);
    const frame = this.#sealed(pdu.length, this.#sealsOf(ont).upstream);
    this.#put({ timeNs, direction: "up", onuId: ont.assignedOnuId, pon: ont.plan.pon, frame });
  }

  run(timeNs: number, event: RunEvent): void {
    const at = `at ${(timeNs / NS_PER_SECOND).toFixed(6)} s`;
    if (event.type === "powerCut") this.#events.push(`power cut of ONT ${event.ont} ${at}`);
    if (event.type === "oltEnded") this.#events.push(`OLT killed ${at}`);
  }

  close(): void {
    this.#flush();
    this.#file.close();
  }

  #leave(timeNs: number, pon: number, onuId: number, pduBytes: number, seal: Trailer): void {
    const frame = this.#sealed(pduBytes, seal);
    this.#leaving.push({ timeNs, direction: "down", onuId, pon, frame, missedBy: [], lostOnFeeder: false });
  }

  #sealed(pduBytes: number, seal: Trailer): Uint8Array {
    seal.seal(this.#scratch, 0, pduBytes);
    return this.#scratch.slice(0, pduBytes + seal.bytes);
  }

  /** An ONT that is not there gets what is for all. */
  #downstreamSeal(pon: number, onuId: number): Trailer {
    const ont = onuId === BROADCAST ? undefined : this.#ontOf(pon, onuId);
    return ont === undefined ? this.#trailers.broadcast : this.#sealsOf(ont).downstream;
  }

  #sealsOf(ont: VirtualOnt): Seals {
    let seals = this.#seals.get(ont);
    if (seals === undefined) {
      seals = this.#trailers.ofOnt(ont.config.serial);
      this.#seals.set(ont, seals);
    }
    return seals;
  }

  /** What happens to frames on their way down has been told when the next ones leave. */
  #flush(): void {
    for (const { missedBy, lostOnFeeder, ...frame } of this.#leaving) {
      const lost = lostOnFeeder
        ? "lost on the feeder"
        : missedBy.length > 0
          ? `lost on the way to ${named(missedBy)}`
          : "";
      this.#put(lost === "" ? frame : { ...frame, comment: lost });
    }
    this.#leaving = [];
  }

  #put(frame: CapturedFrame): void {
    const notes = [...this.#events, ...(frame.comment === undefined ? [] : [frame.comment])];
    this.#events = [];
    this.#file.frame(notes.length === 0 ? frame : { ...frame, comment: notes.join("; ") });
  }
}

function named(onuIds: readonly number[]): string {
  const list = onuIds.slice(0, NAMED_MAX).join(", ");
  const more = onuIds.length > NAMED_MAX ? ` and ${onuIds.length - NAMED_MAX} more` : "";
  return `${onuIds.length === 1 ? "ONU" : "ONUs"} ${list}${more}`;
}

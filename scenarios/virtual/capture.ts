import { crc32Trailer, encodeSection, noTrailer, type Trailer } from "../../omci/index.ts";
import type { SectionRun } from "../../omci/section-run.ts";
import { CaptureFile, clearCaptureFile } from "../../pon/capture/index.ts";
import type { Scenario } from "../schema/index.ts";
import type { Observer } from "./observer.ts";

/** Largest PDU with its trailer. */
const FRAME_BYTES_MAX = 1984;

/**
 * Every OMCI frame of a run in virtual time, as it would be on the line. Frames are captured at the OLT: those that get lost on
 * the way down are in it, those lost on the way up are not. With several ports, the ONU-IDs of each begin at 0.
 */
export class VirtualCapture implements Observer {
  readonly #file: CaptureFile;
  readonly #trailer: Trailer;
  readonly #scratch = new Uint8Array(FRAME_BYTES_MAX);

  /** @throws Error when the file cannot be written */
  constructor(path: string, scenario: Scenario) {
    clearCaptureFile(path);
    this.#file = new CaptureFile(path, (line) => process.stderr.write(`${path}: ${line}\n`));
    // Keys for a MIC are not simulated: such frames are captured without their last four bytes.
    this.#trailer = scenario.pon.trailer === "crc32" ? crc32Trailer : noTrailer;
  }

  sections(timeNs: number, _pon: number, onuId: number, run: SectionRun): void {
    for (let index = 0; index < run.count; index++) {
      const lengthBytes = encodeSection(run, index, this.#scratch, 0);
      this.#put(timeNs, "down", onuId, lengthBytes);
    }
  }

  frame(timeNs: number, _pon: number, onuId: number, pdu: Uint8Array): void {
    this.#scratch.set(pdu);
    this.#put(timeNs, "down", onuId, pdu.length);
  }

  upstream(timeNs: number, { onuId }: { onuId: number }, pdu: Uint8Array): void {
    this.#scratch.set(pdu);
    this.#put(timeNs, "up", onuId, pdu.length);
  }

  close(): void {
    this.#file.close();
  }

  #put(timeNs: number, direction: "down" | "up", onuId: number, pduBytes: number): void {
    const trailer = this.#trailer;
    trailer.seal(this.#scratch, 0, pduBytes);
    this.#file.frame({ timeNs, direction, onuId, frame: this.#scratch.slice(0, pduBytes + trailer.bytes) });
  }
}

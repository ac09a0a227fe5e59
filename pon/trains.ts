/** Trains of Download sections: what the kernel walks over at once, told how OMCI frames lie in GEM frames. */
import { type FrameKernel, frameKernel, type TrainLayout } from "../base/kernel/index.ts";
import {
  BASELINE_PDU_BYTES,
  EXTENDED_HEADER_BYTES,
  HEADER_BYTES,
  newSectionSpan,
  type SectionSpan,
  type SectionView,
  TRAILER_BYTES,
} from "../omci/index.ts";
import { GEM_HEADER_BYTES } from "./gem.ts";

/** The message type is the third byte of a frame; AR is a bit of it (G.988 11.2.2). */
const TYPE_AT = 2;
const AR = 0x40;

/** TCIs count up, and section numbers, which are the first byte of the contents; AR ends a train (G.988 9.1.4). */
const layoutOf = (numberAt: number): TrainLayout => ({
  headerBytes: GEM_HEADER_BYTES,
  counterAt: 0,
  numberAt,
  flagAt: TYPE_AT,
  flag: AR,
});
const BASELINE_LAYOUT = layoutOf(HEADER_BYTES);
const EXTENDED_LAYOUT = layoutOf(EXTENDED_HEADER_BYTES);
const BASELINE_FRAME_BYTES = BASELINE_PDU_BYTES + TRAILER_BYTES;

/** Shorter bursts are answers and single messages: not worth a copy. */
const BURST_BYTES_MIN = 256;

/**
 * Reads trains of sections at once: frames that follow from the one before them, all with a right CRC-32. They become a
 * span whose data lie one behind the other. Sections one by one cost thirty times as much in a process that has just
 * started, as all ONTs have.
 */
export class TrainReader {
  readonly span: SectionSpan = newSectionSpan();
  readonly #kernel: FrameKernel | null = frameKernel();
  #burstEnd = 0;

  /** Where in `buffer` a burst that was loaded begins. */
  get burstAt(): number {
    return this.#kernel?.burstAt ?? 0;
  }

  /**
   * Copies a burst to where trains can be read.
   *
   * @param isLoaded it is there already
   * @returns the buffer it is in now, at `burstAt`; undefined: it has to be read one by one
   */
  load(burst: Uint8Array, isLoaded = false): Uint8Array | undefined {
    const kernel = this.#kernel;
    if (kernel === null || burst.length < BURST_BYTES_MIN || burst.length > kernel.burstBytesMax) return undefined;
    if (!isLoaded) kernel.memory.set(burst, kernel.burstAt);
    this.#burstEnd = kernel.burstAt + burst.length;
    return kernel.memory;
  }

  /**
   * The train that begins with the frame at `start`…`end - 1` of the loaded burst, whose trailer is right. `span` has it,
   * until the next is read.
   *
   * @param view what the frame was read as
   * @returns its frames; fewer than two are none
   */
  read(start: number, end: number, view: SectionView): number {
    const frameBytes = end - start;
    if (view.ackRequested || this.#kernel === null) return 0;
    // A baseline frame may come without its CPCS trailer, and is then read by itself.
    if (!view.extended && frameBytes !== BASELINE_FRAME_BYTES) return 0;
    const stride = frameBytes + GEM_HEADER_BYTES;
    const layout = this.#kernel.layout(view.extended ? EXTENDED_LAYOUT : BASELINE_LAYOUT);
    const count = this.#kernel.follow(start, stride, frameBytes, this.#burstEnd, layout);
    if (count < 2) return 0;
    this.#fill(start, stride, count, view);
    return count;
  }

  #fill(start: number, stride: number, count: number, view: SectionView): void {
    const { span } = this;
    const kernel = this.#kernel!;
    const { memory, gatheredAt } = kernel;
    const sectionBytes = view.dataEnd - view.dataStart;
    kernel.gather(view.dataStart, stride, count, sectionBytes);
    span.messageSet = view.extended ? "extended" : "baseline";
    span.classId = view.classId;
    span.instanceId = view.instanceId;
    span.firstTci = view.tci;
    span.firstSection = view.sectionNumber;
    span.count = count;
    span.ackRequested = ((memory[start + (count - 1) * stride + TYPE_AT] ?? 0) & AR) !== 0;
    span.data = memory;
    span.dataOffset = gatheredAt;
    span.dataStride = sectionBytes;
    span.sectionBytes = sectionBytes;
    span.lastSectionBytes = sectionBytes;
  }
}

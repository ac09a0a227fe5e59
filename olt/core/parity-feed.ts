/** The parity sections of a window: made one after the other, and how many go along unasked. */
import { PARITY_ROWS_MAX, parityInstance, parityTci, RECOVERY } from "../../omci/index.ts";
import { CODE_POINTS, ParityEncoder } from "../../base/kernel/index.ts";
import type { OltContext } from "./context.ts";
import type { SectionJob } from "./outbox.ts";
import { parityWindowLimit, proactiveRows, worstLostWindows } from "./policy.ts";
import type { WindowInFlight } from "./window-jobs.ts";

/** Makes the parity sections of the window under way, each row once; and decides how many go along unasked. */
export class ParityFeed {
  readonly #context: OltContext;
  readonly #encoder = new ParityEncoder();
  #rows: Uint8Array = new Uint8Array(0);
  #window: WindowInFlight | null = null;
  /** Of the window, once it is begun. */
  #data: Uint8Array = new Uint8Array(0);
  #begun = false;
  #nextRow = 0;
  /** Smoothed number of sections that the worst ONT loses in a full window, before any repair. */
  #worstLost = 0;
  #seen = 0;

  constructor(context: OltContext) {
    this.#context = context;
  }

  /** Parity sections to send with the next window of `sections` sections. */
  proactiveRows(sections: number): number {
    return proactiveRows(this.#context.config, sections, this.#worstLost);
  }

  /** Longest window that leaves room for the parity its losses will need. */
  windowLimit(granted: number): number {
    return parityWindowLimit(granted, this.#seen === 0 ? undefined : this.#worstLost);
  }

  /** @param worstLost most sections any member lost on the air in a window of `sections`. */
  observe(worstLost: number, sections: number): void {
    const scaled = (worstLost * this.#context.config.windowSections) / sections;
    this.#worstLost += (scaled - this.#worstLost) / worstLostWindows(++this.#seen);
  }

  begin(window: WindowInFlight): void {
    this.#window = window;
    this.#begun = false;
    this.#nextRow = 0;
  }

  /** Rows made for this window so far. */
  get rowsSent(): number {
    return this.#nextRow;
  }

  /** Rows that can still be made for this window. */
  get rowsLeft(): number {
    return Math.min(CODE_POINTS - this.#window!.sections, PARITY_ROWS_MAX) - this.#nextRow;
  }

  /** The next `count` parity sections as one job. */
  job(count: number, ackRequested: boolean): SectionJob {
    const window = this.#window!;
    const layout = window.payload.layout(window.messageSet);
    const { sectionBytes } = layout;
    const first = this.#nextRow;
    this.#prepare(window);
    for (let row = first; row < first + count; row++) this.#encoder.row(row, this.#rows, row * sectionBytes);
    this.#nextRow += count;
    return {
      kind: "parity",
      span: {
        messageSet: window.messageSet,
        classId: RECOVERY,
        instanceId: parityInstance(window.baseTci, window.sections),
        firstTci: parityTci(window.baseTci, window.sections, first),
        firstSection: first,
        count,
        ackRequested,
        data: this.#rows,
        dataOffset: first * sectionBytes,
        dataStride: sectionBytes,
        sectionBytes,
        lastSectionBytes: sectionBytes,
        parityOf: this.#data,
        lasting: false,
      },
    };
  }

  #prepare(window: WindowInFlight): void {
    if (this.#begun) return;
    const layout = window.payload.layout(window.messageSet);
    const { sectionBytes } = layout;
    const lastSectionBytes = layout.sectionLength(window.firstSection + window.sections - 1);
    const lengthBytes = (window.sections - 1) * sectionBytes + lastSectionBytes;
    this.#data = window.payload.image.read(window.firstSection * sectionBytes, lengthBytes);
    this.#encoder.begin(window.sections, sectionBytes, this.#data, 0, sectionBytes, lastSectionBytes);
    if (this.#rows.length < PARITY_ROWS_MAX * sectionBytes) this.#rows = new Uint8Array(PARITY_ROWS_MAX * sectionBytes);
    this.#begun = true;
  }
}

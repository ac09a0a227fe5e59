/** Downloads as case steps make them, right or wrong on purpose: Start, windows, End, and what has to come back. */
import { RESULT, type MessageSet, BASELINE_SECTION_BYTES, EXTENDED_SECTION_BYTES_MAX } from "../../omci/index.ts";
import { CannotTest, CaseFailure, resultKey } from "./failure.ts";
import type { Images } from "./images.ts";
import { type Answer, type TestLink, told } from "./link.ts";
import { noteEnd, noteWindow } from "./purpose.ts";
import { type ConformImage, limits } from "./transport.ts";
import { type JudgeOptions, type SentWindow, windowAnswered } from "./window-answer.ts";

/** Extended sections are chosen so small that even a small image fills windows of 64. */
const SECTIONS_WANTED = 80;
/** Window proposed where a case does not choose: VOLTHA's. */
const WINDOW_DEFAULT = 32;
/** Size and CRC known to be wrong, by which an OLT gives a download up (G.988 I.3). */
export const ABORT_CRC32 = 0xffffffff;

export interface DownloadStartOptions {
  windowSections?: number;
  imageBytes?: number;
  instanceId?: number;
  instances?: number[];
  tci?: number;
  messageSet?: MessageSet;
}

/** One window of the image, and what happens to it on its way. */
export interface WindowOptions extends JudgeOptions {
  /** Sections of the window; default as many as the ONT granted, or as there are. */
  sections?: number;
  /** Data bytes of each section (extended). */
  sectionBytes?: number;
  /** Section numbers in the order they go out; numbers may be missing or come twice. Default: all once, in order. */
  order?: readonly number[];
  /** Section numbers that go out with a wrong trailer. */
  damage?: readonly number[];
  /** Null sections behind the data until the window has so many sections (baseline). */
  padTo?: number;
  /** TCI of section 0; default the next. */
  base?: number;
  instanceId?: number;
  messageSet?: MessageSet;
  /** Called after each section but the last. */
  between?: (sectionNumber: number) => Promise<void>;
}

export interface EndOptions {
  crc32?: number;
  imageBytes?: number;
  instanceId?: number;
  instances?: number[];
  tci?: number;
  messageSet?: MessageSet;
}

/** A download as an OLT makes it: window by window, with every deviation a case asks for. */
export class Download {
  readonly #link: TestLink;
  readonly #images: Images;
  readonly #image: ConformImage | undefined;
  /** Sections granted by the last Start. */
  granted = 1;
  /** Image bytes that the ONT has acknowledged. */
  offsetBytes = 0;
  /** Windows acknowledged. */
  windows = 0;
  /** Whether the ONT may have a download of ours under way; one that somebody else left ends with our first Start. */
  mayRun = false;
  last: SentWindow | undefined;
  /** Final result of the last End. */
  endedWith: number | undefined;

  constructor(link: TestLink, images: Images, image: ConformImage | undefined) {
    this.#link = link;
    this.#images = images;
    this.#image = image;
  }

  /** @throws CannotTest without an image */
  get image(): ConformImage {
    if (this.#image === undefined) throw new CannotTest("no image to download was given");
    return this.#image;
  }

  get remainingBytes(): number {
    return this.image.bytes.length - this.offsetBytes;
  }

  /** Data bytes of a section where a case does not choose. */
  get sectionBytes(): number {
    return this.sectionBytesOf(this.#link.messageSet);
  }

  sectionBytesOf(messageSet: MessageSet): number {
    if (messageSet === "baseline") return BASELINE_SECTION_BYTES;
    const bytes = Math.floor(this.image.bytes.length / SECTIONS_WANTED);
    return Math.min(EXTENDED_SECTION_BYTES_MAX, Math.max(1, bytes));
  }

  /** Sections of the image that are not yet acknowledged. */
  get remainingSections(): number {
    return Math.ceil(this.remainingBytes / this.sectionBytes);
  }

  async askStart(options: DownloadStartOptions = {}): Promise<Answer<"startDownloadRequest">> {
    const { windowSections = WINDOW_DEFAULT, instanceId = this.#images.target, tci, messageSet } = options;
    const { imageBytes = this.#image?.bytes.length ?? 100_000, instances = [instanceId & 0xffff] } = options;
    const address = { instanceId, ...(tci === undefined ? {} : { tci }), ...(messageSet && { messageSet }) };
    const answer = await this.#link.ask(
      { type: "startDownloadRequest", windowSections, imageBytes, instances },
      address,
    );
    if (answer.message.result === RESULT.ok) {
      this.mayRun = true;
      this.offsetBytes = 0;
      this.windows = 0;
      this.last = undefined;
      this.granted = answer.message.windowSections;
    }
    return answer;
  }

  /** Start that has to be accepted, with a window within the proposal; repeated while the ONT is still busy. */
  async start(options: DownloadStartOptions = {}): Promise<void> {
    const { message, frame } = await this.#patiently("Start", () => this.askStart(options));
    if (message.result !== RESULT.ok) {
      const text = `Start on image ${message.instanceId}, neither active nor committed, was answered ${told(message.result)}; 0 is wanted`;
      throw new CaseFailure("wrongly-refused", text, frame.number, "9.1.4");
    }
    const proposed = options.windowSections ?? WINDOW_DEFAULT;
    if (message.windowSections <= proposed) return;
    const text = `a window of ${proposed} sections was proposed, the ONT granted ${message.windowSections}`;
    throw new CaseFailure("wrong-window", text, frame.number, "I.3");
  }

  /** Asks again and again until the answer is not "device busy" any more (I.3). */
  async #patiently<Type extends "startDownloadRequest" | "endDownloadRequest">(
    what: string,
    ask: () => Promise<Answer<Type>>,
  ): Promise<Answer<Type>> {
    for (let polls = 0; ; polls++) {
      const answer = await ask();
      if (answer.message.result !== RESULT.deviceBusy) return answer;
      if (polls >= limits.busyPolls) {
        const seconds = (limits.busyPollMs * limits.busyPolls) / 1000;
        const text = `${what} was answered ${told(RESULT.deviceBusy)} for ${seconds} s`;
        throw new CaseFailure("busy-too-long", text, answer.frame.number, "I.3");
      }
      await this.#link.pause(limits.busyPollMs);
    }
  }

  /** Sends sections of the window that is due, without waiting for its answer. */
  async sendWindow(options: WindowOptions = {}): Promise<SentWindow> {
    const messageSet = options.messageSet ?? this.#link.messageSet;
    const sectionBytes = options.sectionBytes ?? this.sectionBytesOf(messageSet);
    const left = Math.ceil(this.remainingBytes / sectionBytes);
    const filled = Math.min(options.sections ?? this.granted, left);
    const sections = Math.max(filled, options.padTo ?? 0);
    const base = options.base ?? this.#link.nextTci(sections);
    const lost = new Set(options.lose);
    const order = (options.order ?? range(sections)).filter((number) => !lost.has(number));
    const since = this.#link.inbox.length;
    noteWindow(this.#link.evidence, this.windows, options, sections - filled);
    for (const [at, sectionNumber] of order.entries()) {
      await this.section(sectionNumber, {
        tci: base + sectionNumber,
        offsetBytes: this.offsetBytes + sectionNumber * sectionBytes,
        sectionBytes,
        ackRequested: sectionNumber === sections - 1,
        messageSet,
        instanceId: options.instanceId ?? this.#images.target,
        damaged: options.damage?.includes(sectionNumber) === true,
      });
      if (at < order.length - 1) await options.between?.(sectionNumber);
    }
    const dataBytes = Math.min(this.remainingBytes, filled * sectionBytes);
    this.last = { base, sections, dataBytes, since };
    return this.last;
  }

  /** One section with the image's bytes from an offset on; beyond the image they are zero. */
  async section(
    sectionNumber: number,
    how: {
      tci: number;
      offsetBytes: number;
      sectionBytes: number;
      ackRequested: boolean;
      messageSet?: MessageSet;
      instanceId?: number;
      classId?: number;
      damaged?: boolean;
    },
  ): Promise<void> {
    const { tci, offsetBytes, sectionBytes, ackRequested, classId } = how;
    const { messageSet = this.#link.messageSet, instanceId = this.#images.target } = how;
    const data = this.image.bytes.slice(offsetBytes, offsetBytes + sectionBytes);
    const body = {
      type: "downloadSectionRequest" as const,
      ackRequested,
      sectionNumber,
      data: data.length > 0 ? data : new Uint8Array(1),
    };
    const address = { tci, messageSet, instanceId, ...(classId === undefined ? {} : { classId }) };
    const pdu = this.#link.encode(body, address);
    if (how.damaged === true) this.#link.sendDamaged(pdu);
    else this.#link.sendBytes(pdu);
    const { transport } = this.#link;
    if (transport.sectionGapNs > 0) await transport.wait(transport.nowNs() + transport.sectionGapNs);
  }

  /** Sends the window that is due and checks its answer; answered 0, the next window is due. */
  async window(options: WindowOptions = {}): Promise<Answer<"downloadSectionRequest">> {
    return this.windowAnswer(await this.sendWindow(options), options);
  }

  /** The answer to a window that was sent; 0 makes the next one due. */
  async windowAnswer(sent: SentWindow, options: JudgeOptions = {}): Promise<Answer<"downloadSectionRequest">> {
    const answer = await windowAnswered(this.#link, `window ${this.windows}`, sent, options);
    if (answer.message.result === RESULT.ok) {
      this.offsetBytes += sent.dataBytes;
      this.windows += 1;
    }
    return answer;
  }

  /** The answer to a window that was taken before and came again. */
  async repeatAnswer(sent: SentWindow, expect: readonly number[]): Promise<Answer<"downloadSectionRequest">> {
    const window = `the repeat of window ${this.windows - 1}`;
    return windowAnswered(this.#link, window, sent, { expect, seen: "the ONT has that window" });
  }

  /** All windows that are left. */
  async rest(
    options: Pick<WindowOptions, "sections" | "sectionBytes" | "messageSet"> & { padLast?: boolean } = {},
  ): Promise<void> {
    while (this.remainingBytes > 0) {
      const padTo = options.padLast === true ? { padTo: options.sections ?? this.granted } : {};
      await this.window({ ...options, ...padTo });
    }
  }

  async askEnd(options: EndOptions = {}): Promise<Answer<"endDownloadRequest">> {
    const { instanceId = this.#images.target, tci, messageSet } = options;
    const { crc32 = this.#image?.crc32 ?? 0, imageBytes = this.#image?.bytes.length ?? 100_000 } = options;
    const { instances = [instanceId & 0xffff] } = options;
    const address = { instanceId, ...(tci === undefined ? {} : { tci }), ...(messageSet && { messageSet }) };
    noteEnd(this.#link.evidence, { crc32, imageBytes }, this.#image);
    return this.#link.ask({ type: "endDownloadRequest", crc32, imageBytes, instances }, address);
  }

  /** The same End again and again until it is not answered "device busy" any more (I.3). */
  async endResult(options: EndOptions = {}): Promise<Answer<"endDownloadRequest">> {
    const answer = await this.#patiently("End", () => this.askEnd(options));
    this.mayRun = false;
    this.endedWith = answer.message.result;
    return answer;
  }

  /** End whose final result is one of those wanted. */
  async end(options: EndOptions & { expect?: readonly number[]; seen?: string } = {}): Promise<void> {
    const { expect = [RESULT.ok], seen = "the image came in whole with its size and CRC" } = options;
    const { message, frame } = await this.endResult(options);
    if (expect.includes(message.result)) return;
    const text = `${seen}, yet End was answered ${told(message.result)}; ${expect.map(told).join(" or ")} is wanted`;
    throw new CaseFailure(resultKey(message.result, expect), text, frame.number, "I.3");
  }

  /** A whole download as it should be. */
  async whole(options: DownloadStartOptions & { padLast?: boolean; sectionBytes?: number } = {}): Promise<void> {
    await this.start(options);
    await this.rest(options);
    await this.end(options.messageSet === undefined ? {} : { messageSet: options.messageSet });
  }

  /** Gives the download up (I.3); whatever the answer, the ONT may have none under way then. */
  async abort(options: EndOptions = {}): Promise<Answer<"endDownloadRequest">> {
    return this.endResult({ crc32: ABORT_CRC32, imageBytes: 0, ...options });
  }
}

/** 0 … count - 1 */
export const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

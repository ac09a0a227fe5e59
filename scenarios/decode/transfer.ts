import { crc32, RESULT, resultName, SOFTWARE_IMAGE, ANY_INSTANCE } from "../../omci/index.ts";
import type { Message } from "../../omci/messages.ts";

/** An image as it went over the line. */
export interface FoundImage {
  /** -1: broadcast. */
  onuId: number;
  bytes: Uint8Array;
  /** The CRC-32 that the End named, and whether the bytes have it; undefined where no End was seen. */
  crc32?: number;
  isRight: boolean;
}

type Of<Type extends Message["type"]> = Extract<Message, { type: Type }>;

/** Sections of one stream: an OMCC's, or those for all. */
interface Stream {
  onuId: number;
  imageBytes: number;
  windows: Uint8Array[];
  base: number;
  sections: Map<number, Uint8Array>;
  last: number;
  window: number;
}

const BROADCAST = -1;

/** Puts windows and images together again, and says what does not fit. */
export class TransferWatch {
  readonly images: FoundImage[] = [];
  readonly #streams = new Map<number, Stream>();
  readonly #warn: (frame: number, text: string) => void;

  constructor(warn: (frame: number, text: string) => void) {
    this.#warn = warn;
  }

  /** @param frame its number, for warnings */
  message(frame: number, onuId: number, direction: "down" | "up", message: Message): void {
    if (message.classId !== SOFTWARE_IMAGE) return;
    if (direction === "down") {
      if (message.type === "startDownloadRequest") this.#start(onuId, message);
      if (message.type === "downloadSectionRequest") this.#section(frame, onuId, message);
      if (message.type === "endDownloadRequest") this.#end(frame, onuId, message);
    } else if (message.type === "downloadSectionResponse") this.#answer(frame, onuId, message);
  }

  #start(onuId: number, { imageBytes }: Of<"startDownloadRequest">): void {
    this.#streams.set(onuId, newStream(onuId, imageBytes));
    const shared = this.#streams.get(BROADCAST);
    // Starts of a group come one after the other; one behind sections begins another group.
    if (shared === undefined || shared.windows.length > 0 || shared.base >= 0)
      this.#streams.set(BROADCAST, newStream(BROADCAST, imageBytes));
  }

  #section(frame: number, onuId: number, message: Of<"downloadSectionRequest">): void {
    const isShared = onuId === BROADCAST || message.instanceId === ANY_INSTANCE;
    const stream = this.#streams.get(isShared ? BROADCAST : onuId);
    if (stream === undefined) return this.#warn(frame, "section without a Start before it");
    const base = message.tci - message.sectionNumber;
    // On the broadcast port the next window's TCIs tell that the one before was taken.
    if (isShared && stream.base >= 0 && base > stream.base) this.#take(frame, stream);
    if (isShared && base < stream.base) return;
    stream.base = base;
    stream.sections.set(message.sectionNumber, message.data.slice());
    if (message.ackRequested) stream.last = Math.max(stream.last, message.sectionNumber);
  }

  #answer(frame: number, onuId: number, { result, tci, sectionNumber }: Of<"downloadSectionResponse">): void {
    const stream = this.#streams.get(onuId);
    if (stream === undefined || stream.base < 0 || tci - sectionNumber !== stream.base) return;
    if (result === RESULT.ok) return this.#take(frame, stream);
    this.#warn(frame, `window ${stream.window} refused: ${resultName(result)} (${result})`);
  }

  /** The window is whole: its sections, in their order. */
  #take(frame: number, stream: Stream): void {
    const last = stream.last >= 0 ? stream.last : Math.max(...stream.sections.keys());
    const missing: number[] = [];
    for (let number = 0; number <= last; number++) {
      const data = stream.sections.get(number);
      if (data === undefined) missing.push(number);
      else stream.windows.push(data);
    }
    if (missing.length > 0) {
      const named = missing.slice(0, 8).join(", ");
      this.#warn(frame, `window ${stream.window} was taken, yet sections ${named} are not in the capture`);
    }
    stream.sections = new Map();
    stream.last = -1;
    stream.base = -1;
    stream.window++;
  }

  #end(frame: number, onuId: number, end: Of<"endDownloadRequest">): void {
    const own = this.#streams.get(onuId);
    const stream = own !== undefined && own.windows.length > 0 ? own : this.#streams.get(BROADCAST);
    if (stream === undefined || end.imageBytes === 0) return;
    if (stream.base >= 0) this.#take(frame, stream);
    if (this.images.some((image) => image.onuId === stream.onuId && image.crc32 === end.crc32)) return;
    if (end.imageBytes !== stream.imageBytes)
      this.#warn(frame, `End names ${end.imageBytes} bytes, Start named ${stream.imageBytes}`);
    // Padding of the last window is no part of the image.
    const bytes = Buffer.concat(stream.windows).subarray(0, end.imageBytes);
    const isRight = bytes.length === end.imageBytes && crc32(bytes) === end.crc32;
    if (!isRight) {
      const why = bytes.length < end.imageBytes ? `${bytes.length} bytes were seen` : "its CRC-32 is another";
      this.#warn(frame, `the image of ${end.imageBytes} bytes is not whole: ${why}`);
    }
    this.images.push({ onuId: stream.onuId, bytes, crc32: end.crc32, isRight });
  }
}

const newStream = (onuId: number, imageBytes: number): Stream => ({
  onuId,
  imageBytes,
  windows: [],
  base: -1,
  sections: new Map(),
  last: -1,
  window: 0,
});

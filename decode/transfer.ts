/** Puts windows and images together again, on OMCCs and (extension) on the broadcast port, and says what does not fit. */
import {
  ANY_INSTANCE,
  nextWindowBase,
  RECOVERY,
  RESULT,
  resultName,
  unpackAttributes,
  SOFTWARE_IMAGE,
  type Message,
  type MessageBody,
  type MessageHeader,
  GROUP_TCI_LAST,
  windowBaseOf,
  paritySections,
} from "../omci/index.ts";
import { Doubts } from "./doubt.ts";
import type { ImageStore } from "./image-store.ts";
import { GroupStreams } from "./group-streams.ts";
import { BROADCAST, Stream, type StreamOptions } from "./stream.ts";
import type { ImageRecord, OnuName, Warn, WindowRecord } from "./types.ts";
import { judge, leanParts, type TakenPart } from "./verdict.ts";
import { named, NO_START } from "./warning-text.ts";
import { CapturedWindow } from "./window.ts";

/** The frame that a message came in. */
export interface Origin {
  frame: number;
  pon: number | string;
  /** -1 = to all; undefined where the input does not tell. */
  onuId: OnuName;
  direction: "down" | "up";
}

type Of<Type extends MessageBody["type"]> = MessageHeader & Extract<MessageBody, { type: Type }>;

/** One ONT's download: its own stream, and the group that it follows as long as it takes part. */
interface Download {
  own: Stream;
  group: Stream | undefined;
  /** Windows of the group that the ONT has taken in. */
  groupWindows: number;
  /** What its image is made of so far. */
  parts: TakenPart[];
  isEnded: boolean;
  /** Base of the window that was under way when its Start came. */
  abandonedBase: number;
}

const keyOf = ({ pon, onuId }: Pick<Origin, "pon" | "onuId">): string => `${pon}/${onuId}`;

/** Of each stream one window is kept; images go to the store, or are only checked as they pass by. */
export class TransferWatch {
  readonly #onRecord: (record: WindowRecord | ImageRecord) => void;
  readonly #store: ImageStore | undefined;
  readonly #downloads = new Map<string, Download>();
  /** The one that was asked for last. */
  #last: Download | undefined;
  readonly #groups = new GroupStreams((options) => this.#newStream(options));
  #streams = 0;
  readonly doubts = new Doubts();

  constructor(onRecord: (record: WindowRecord | ImageRecord) => void, store?: ImageStore) {
    this.#onRecord = onRecord;
    this.#store = store;
  }

  message(origin: Origin, message: Message, warn: Warn): void {
    const isDown = origin.direction === "down";
    switch (message.type) {
      case "startDownloadRequest":
        return isDown ? this.#start(origin, message) : undefined;
      case "downloadSectionRequest":
        if (!isDown) return undefined;
        return message.classId === RECOVERY
          ? this.#parity(origin, message, warn)
          : this.#section(origin, message, warn);
      case "downloadSectionResponse":
        return isDown ? undefined : this.#answer(origin, message, warn);
      case "getResponse":
        return isDown ? undefined : this.#told(origin, message, warn);
      case "endDownloadRequest":
        return isDown ? this.#end(origin, message, warn) : undefined;
      default:
        return undefined;
    }
  }

  #start(origin: Origin, { tci, imageBytes, classId }: Of<"startDownloadRequest">): void {
    if (classId !== SOFTWARE_IMAGE) return;
    const { pon } = origin;
    this.#begin(origin, imageBytes);
    // The windows of a group follow the TCI that its Starts carry.
    if (tci > GROUP_TCI_LAST) return;
    this.#groups.noteStart(pon, nextWindowBase(tci), imageBytes);
  }

  #begin(origin: Origin, imageBytes: number | undefined): Download {
    const key = keyOf(origin);
    const before = this.#downloads.get(key);
    if (before !== undefined) this.#store?.drop(before.own.key);
    const abandonedBase = before?.own.window?.base ?? -1;
    const own = this.#newStream({ pon: origin.pon, onuId: origin.onuId, imageBytes });
    const download = { own, group: undefined, groupWindows: 0, parts: [], isEnded: false, abandonedBase };
    this.#downloads.set(key, download);
    this.#last = download;
    return download;
  }

  #newStream(options: StreamOptions): Stream {
    return new Stream(`stream-${this.#streams++}`, options);
  }

  #section(origin: Origin, message: Of<"downloadSectionRequest">, warn: Warn): void {
    const { sectionNumber, ackRequested, data } = message;
    if (message.classId !== SOFTWARE_IMAGE) return;
    const base = windowBaseOf(message.tci, sectionNumber);
    const stream = this.#streamOf(origin, message.instanceId, base, warn);
    if (stream.onuId === undefined) this.#noteUnnamed(stream, base, sectionNumber);
    if (stream.takenBase === base) return this.#countRound(stream, ackRequested, warn);
    if (stream.window !== undefined && stream.window.base !== base)
      this.#otherBase(stream, base, sectionNumber, data, warn);
    const window = (stream.window ??= new CapturedWindow(base));
    if (window.contradicts(sectionNumber, data))
      warn({ kind: "repeatedWindow", text: `section ${sectionNumber} is sent again with other bytes` });
    // A copy, unless it is one: the input's memory may be a whole piece of the file.
    window.put(sectionNumber, data.length === data.buffer.byteLength ? data : data.slice(), ackRequested);
    if (!ackRequested) return;
    const { windows } = stream.progress;
    if (window.rounds > 1) warn({ kind: "repeatedWindow", text: `window ${windows}, round ${window.rounds}` });
    const missing = window.missing();
    if (missing.length > 0)
      warn({ kind: "gap", text: `window ${windows} ends, and ${named(missing)} not in the capture` });
  }

  /** Sections of one ONU follow one another: what does not is of another one. */
  #noteUnnamed(stream: Stream, base: number, sectionNumber: number): void {
    if (stream.noteSection(base, sectionNumber)) this.doubts.addHints(1);
    const download = this.#last;
    if (download?.own !== stream) return;
    // A window that goes on behind a Start is not what that Start began.
    if (download.abandonedBase === base && sectionNumber > 0) this.doubts.becomeSure();
    download.abandonedBase = -1;
  }

  /** A window goes on to be sent though it was taken in: an answer was lost, or others lack something. */
  #countRound(stream: Stream, ackRequested: boolean, warn: Warn): void {
    if (!ackRequested) return;
    stream.takenRounds++;
    const text = `window ${stream.progress.windows - 1}, round ${stream.takenRounds}, though it was taken in`;
    warn({ kind: "repeatedWindow", text });
  }

  /** A section of another base than the window under way: the next window, or this one again with other TCIs. */
  #otherBase(stream: Stream, base: number, sectionNumber: number, data: Uint8Array, warn: Warn): void {
    if (stream.isGroup || !stream.isSentAnew(sectionNumber, data)) return this.#take(stream, warn);
    warn({ kind: "repeatedWindow", text: `window ${stream.progress.windows} anew` });
    stream.window = undefined;
  }

  #parity(origin: Origin, message: Of<"downloadSectionRequest">, warn: Warn): void {
    const sections = paritySections(message.instanceId);
    const base = windowBaseOf(message.tci, sections + message.sectionNumber);
    const stream = this.#known(origin, base);
    if (stream?.takenBase === base) return this.#countRound(stream, message.ackRequested, warn);
    stream?.window?.putParity(message.sectionNumber, message.data.slice(), sections, message.ackRequested);
  }

  /** One frame after the other is of the same ONU. */
  #downloadOf(pon: number | string, onuId: OnuName): Download | undefined {
    const last = this.#last;
    if (last !== undefined && last.own.pon === pon && last.own.onuId === onuId) return last;
    return (this.#last = this.#downloads.get(keyOf({ pon, onuId })));
  }

  /** The stream that has a window of this base under way, or has just taken it in. */
  #known({ pon, onuId }: Origin, base: number): Stream | undefined {
    const own = onuId === BROADCAST ? undefined : this.#downloadOf(pon, onuId)?.own;
    if (own?.knows(base)) return own;
    return this.#groups.known(pon, base);
  }

  #streamOf(origin: Origin, instanceId: number, base: number, warn: Warn): Stream {
    // A log does not tell what was broadcast.
    const isForAll = origin.onuId === BROADCAST || (origin.onuId === undefined && instanceId === ANY_INSTANCE);
    if (isForAll) return this.#groups.streamOf(origin.pon, instanceId, base, () => warn(NO_START));
    // A window of the group may be ended, or sent again, on an OMCC.
    const group = base <= GROUP_TCI_LAST ? this.#known(origin, base) : undefined;
    if (group !== undefined) return group;
    let download = this.#downloadOf(origin.pon, origin.onuId);
    if (download === undefined) {
      warn(NO_START);
      download = this.#begin(origin, undefined);
    }
    this.#leaveGroup(download, warn);
    return download.own;
  }

  #answer(origin: Origin, message: Of<"downloadSectionResponse">, warn: Warn): void {
    const { result, tci, sectionNumber, classId, instanceId, missingSections } = message;
    const behind = classId === RECOVERY ? paritySections(instanceId) : 0;
    const base = windowBaseOf(tci, behind + sectionNumber);
    const stream = this.#known(origin, base);
    const download = this.#downloadOf(origin.pon, origin.onuId);
    if (result !== RESULT.ok) {
      const which = stream === undefined ? "a window" : `window ${stream.windowNumber(base)}`;
      const lacks = missingSections > 0 ? `, ${missingSections} sections missing` : "";
      if (stream?.window?.base === base) stream.window.isRefused = true;
      warn({ kind: "refused", text: `${which} refused: ${resultName(result)} (${result})${lacks}` });
    }
    if (stream === undefined) return;
    stream.isAnswered = true;
    if (result !== RESULT.ok) return;
    if (!stream.isGroup) {
      if (stream.window?.base === base) this.#take(stream, warn);
    } else if (download !== undefined) {
      // The group's window stays open: what others lack will be sent again, and may be what the capture lacks.
      download.group = stream;
      download.groupWindows = stream.windowNumber(base) + 1;
    }
  }

  /** Where its answer was lost, the OLT reads from an ONT how far it is. */
  #told(origin: Origin, { classId, attributeMask, values }: Of<"getResponse">, warn: Warn): void {
    const download = this.#downloadOf(origin.pon, origin.onuId);
    if (classId !== RECOVERY || download === undefined) return;
    const { lastAcceptedTci } = unpackAttributes(RECOVERY, attributeMask, values);
    if (lastAcceptedTci === undefined || lastAcceptedTci === 0) return;
    const { own } = download;
    if (own.window?.lastTci === lastAcceptedTci) return this.#take(own, warn);
    for (const stream of this.#groups.of(origin.pon)) {
      const windows = stream.windowsUpTo(lastAcceptedTci);
      if (windows === undefined) continue;
      download.group = stream;
      download.groupWindows = windows;
    }
  }

  /** The ONT goes on alone, from where it was in its group. */
  #leaveGroup(download: Download, warn: Warn): void {
    const { group, groupWindows, own } = download;
    if (group === undefined) return;
    if (group.window !== undefined && groupWindows > group.progress.windows) this.#take(group, warn);
    download.group = undefined;
    const progress = group.progressAt(groupWindows) ?? { ...group.progress, isBroken: true };
    own.goOnFrom(progress);
    own.window = undefined;
    download.parts = [
      { stream: group.key, offsetBytes: 0, bytes: progress.offsetBytes, leanBytes: progress.offsetBytes },
    ];
  }

  /** The window is whole: its sections, in their order. */
  #take(stream: Stream, warn: Warn): void {
    const { base, last } = stream.window!;
    const { windows, offsetBytes } = stream.progress;
    if (last < 0) warn({ kind: "missingAr", text: `window ${windows} was taken in without a section with AR` });
    const assembled = stream.window!.assemble();
    const { sections, repairedSections, missing } = assembled;
    if (missing.length > 0)
      warn({ kind: "gap", text: `window ${windows} was taken in, yet ${named(missing)} not in the capture` });
    const partOffset = stream.ownBytes;
    const { kept, bytes, leanBytes } = stream.take(assembled);
    const { pon, onuId, key } = stream;
    this.#store?.append(key, kept);
    this.#downloadOf(pon, onuId)?.parts.push({ stream: key, offsetBytes: partOffset, bytes, leanBytes });
    const counted = { sections, bytes, offsetBytes, repairedSections, missingSections: missing.length };
    this.#onRecord({ record: "window", pon, onuId, window: windows, base, ...counted });
  }

  #end(origin: Origin, end: Of<"endDownloadRequest">, warn: Warn): void {
    const { pon, onuId, frame } = origin;
    const download = this.#downloadOf(origin.pon, origin.onuId);
    // An End of no size is the abort of a download (G.988 I.3).
    if (download === undefined || download.isEnded || end.imageBytes === 0) return;
    download.isEnded = true;
    const { own } = download;
    if (own.window !== undefined) this.#take(own, warn);
    this.#joinUnanswered(download, pon, end.imageBytes, warn);
    this.#leaveGroup(download, warn);
    const verdict = judge(own, end, this.doubts.about(onuId), warn);
    if (verdict.image.isRight === undefined && !this.doubts.areRowsMixed) this.doubts.becomeSure();
    this.#onRecord({ record: "image", pon, onuId, frame, ...verdict.image });
    if (verdict.image.isRight === true)
      this.#store?.take(onuId, verdict.isLean ? leanParts(download.parts) : download.parts);
    this.#store?.drop(own.key);
  }

  /** An End is sent to ONTs that have all: where their answers are not in the capture, they have what their group has. */
  #joinUnanswered(download: Download, pon: number | string, imageBytes: number, warn: Warn): void {
    const { own } = download;
    const groups = this.#groups.of(pon);
    const group = download.group ?? (own.progress.windows === 0 && groups.length === 1 ? groups[0] : undefined);
    if (group === undefined || own.progress.offsetBytes >= imageBytes) return;
    if (group.window !== undefined) this.#take(group, warn);
    download.group = group;
    download.groupWindows = group.progress.windows;
  }
}

/** An ONT core on the bench, with an OLT's hands. */
import { ANY_INSTANCE, decodeMessage, encodeMessage, nextWindowBase, SOFTWARE_IMAGE } from "../../omci/index.ts";
import { crc32 } from "../../base/kernel/crc32.ts";
import type { Message, MessageBody, MessageSet } from "../../omci/messages.ts";
import type { RefusalCause } from "../../image/index.ts";
import type { SectionSpan } from "../../omci/section-span.ts";
import {
  createOnt,
  factoryRecord,
  referenceProfile,
  type BootRecord,
  type FlashOperation,
  type ImageVerifier,
  type Ont,
  type OntConfig,
  type OntEvent,
  type OntSinks,
  type StoredImage,
  type VerifierOptions,
  turnOnt,
} from "../../ont/index.ts";
import type { Channel } from "../../pon/types.ts";

export const ms = 1_000_000;

/** An image the tests make up: any bytes; the verifier below takes whatever has the right CRC-32. */
export function testImage(imageBytes: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(imageBytes);
  let state = (seed * 2654435761) >>> 0 || 1;
  for (let index = 0; index < imageBytes; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

export const storedImage = (version: string, content: Uint8Array): StoredImage => ({
  version,
  productCode: "PC-1",
  imageBytes: content.length,
  crc32: crc32(content),
  sha256: `sha of ${version}`,
  md5: "00112233445566778899aabbccddeeff",
});

export const factoryImage = storedImage("FACTORY", testImage(100, 7));

/** Checks the CRC-32 alone; refuses an image whose first byte is 0xBA as soon as it sees it. */
export class CrcVerifier implements ImageVerifier {
  readonly parts: Uint8Array[] = [];
  readonly options: VerifierOptions;

  constructor(options: VerifierOptions) {
    this.options = options;
  }

  update(bytes: Uint8Array): RefusalCause | undefined {
    this.parts.push(bytes.slice());
    return this.parts[0]![0] === 0xba ? "not-a-bundle" : undefined;
  }

  finish(expected: number): ReturnType<ImageVerifier["finish"]> {
    const content = Buffer.concat(this.parts);
    if (content.length !== this.options.imageBytes) throw new Error("finish before the image is in");
    if (crc32(content) !== expected) return { valid: false, cause: "crc-mismatch" };
    return { valid: true, image: storedImage(`V${expected}`.slice(0, 14), content) };
  }
}

export const testConfig = (change: Partial<OntConfig> = {}): OntConfig => ({
  serial: "PCST0000002A",
  equipmentId: "EQUIPMENT",
  productCode: "PC-1",
  hardwareVersion: "HW-1",
  omccVersion: 0xb0,
  trustedKeys: [],
  maxWindowSections: 256,
  recoveryAware: true,
  parityAware: true,
  placeAware: true,
  timing: { restartDelayNs: 500 * ms, bootNs: 2000 * ms, watchdogNs: 9000 * ms },
  boot: { kind: "boots" },
  quirks: referenceProfile,
  createVerifier: (options) => new CrcVerifier(options),
  ...change,
});

/** What a power cut leaves. */
export interface TestFlash {
  record: BootRecord;
  slots: [Uint8Array, Uint8Array];
}

export const newFlash = (record: BootRecord = factoryRecord(factoryImage)): TestFlash => ({
  record,
  slots: [testImage(100, 7), new Uint8Array(0)],
});

/** One ONT with a flash that is instant unless told otherwise, and an OLT's hands. */
export class BenchOnt {
  readonly config: OntConfig;
  readonly flash: TestFlash;
  readonly events: OntEvent[] = [];
  /** Answers and notifications since `take` was called last, decoded. */
  readonly sent: Message[] = [];
  readonly raw: Uint8Array[] = [];
  ont: Ont;
  nowNs = 0;
  /** Operations are carried out at once; otherwise they wait for `flashStep`. */
  instantFlash = true;
  readonly waiting: FlashOperation[] = [];
  /** Group and unicast TCIs, as an OLT counts them. */
  tci = 0x6000;
  messageSet: MessageSet;
  readonly #sinks: OntSinks = {
    name: "ONT on the bench",
    takesFlash: true,
    frame: (bytes, lengthBytes) => {
      const pdu = bytes.slice(0, lengthBytes);
      const decoded = decodeMessage(pdu);
      if (!decoded.ok) throw new Error(`the ONT sent what cannot be read: ${decoded.cause}`);
      this.raw.push(pdu);
      this.sent.push(decoded.message as Message);
    },
    flash: (nowNs, operation) => {
      if (this.instantFlash) {
        this.ont.handleFlashDone(nowNs, operation.id, carryOut(this.flash, operation));
      } else {
        const { kind } = operation;
        this.waiting.push(kind === "writeSlot" ? { ...operation, bytes: operation.bytes.slice() } : operation);
      }
    },
    event: (_nowNs, event) => this.events.push(event),
  };

  constructor(change: Partial<OntConfig> = {}, flash: TestFlash = newFlash(), messageSet: MessageSet = "baseline") {
    this.config = testConfig(change);
    this.flash = flash;
    this.messageSet = messageSet;
    this.ont = createOnt(this.config, structuredClone(flash.record), 0);
    this.settle();
  }

  /** Power-on until ranged. */
  static up(
    change: Partial<OntConfig> = {},
    flash: TestFlash = newFlash(),
    messageSet: MessageSet = "baseline",
  ): BenchOnt {
    const bench = new BenchOnt(change, flash, messageSet);
    bench.runUntilOnline();
    return bench;
  }

  /** Power cut and power-on: what was not in the flash is gone. */
  powerCycle(): void {
    this.waiting.length = 0;
    this.ont = createOnt(this.config, structuredClone(this.flash.record), this.nowNs);
    this.settle();
  }

  runUntilOnline(): void {
    for (let steps = 0; steps < 100 && !this.ont.snapshot().online; steps++) {
      const nextNs = this.ont.nextTimeoutNs();
      if (!Number.isFinite(nextNs)) break;
      this.advanceTo(nextNs);
    }
    this.ont.handleRanged(this.nowNs, 1);
    this.settle();
  }

  advanceTo(nowNs: number): void {
    this.nowNs = Math.max(this.nowNs, nowNs);
    this.ont.handleTimeout(this.nowNs);
    this.settle();
  }

  advance(deltaNs: number): void {
    const endNs = this.nowNs + deltaNs;
    for (let nextNs = this.ont.nextTimeoutNs(); nextNs <= endNs; nextNs = this.ont.nextTimeoutNs())
      this.advanceTo(nextNs);
    this.advanceTo(endNs);
  }

  frame(channel: Channel, pdu: Uint8Array): void {
    this.ont.handleFrame(this.nowNs, channel, pdu);
    this.settle();
  }

  run(channel: Channel, span: SectionSpan): void {
    this.ont.handleSections(this.nowNs, channel, span);
    this.settle();
  }

  /** Sends one request on the OMCC and hands back its answer, if there is one. */
  ask(body: MessageBody, header: { tci?: number; classId?: number; instanceId?: number } = {}): Message | undefined {
    const { tci = this.tci++, classId = SOFTWARE_IMAGE, instanceId = 1 } = header;
    const before = this.sent.length;
    this.frame("omcc", encode({ ...body, tci, messageSet: this.messageSet, classId, instanceId }));
    return this.sent.slice(before).find((message) => message.tci === tci);
  }

  /** As `ask`, for the result alone; undefined = no answer. */
  result(body: MessageBody, header: { tci?: number; classId?: number; instanceId?: number } = {}): number | undefined {
    const answer = this.ask(body, header);
    return answer !== undefined && "result" in answer ? answer.result : undefined;
  }

  start(
    imageBytes: number,
    options: { windowSections?: number; instanceId?: number; tci?: number } = {},
  ): number | undefined {
    const { windowSections = 32, instanceId = 1, tci = this.tci++ } = options;
    const body = {
      type: "startDownloadRequest",
      windowSections,
      imageBytes,
      instances: [instanceId],
    } as const;
    return this.result({ ...body, instances: [...body.instances] }, { instanceId, tci });
  }

  end(
    content: Uint8Array,
    change: { crc32?: number; imageBytes?: number; instanceId?: number; tci?: number } = {},
  ): number | undefined {
    const { instanceId = 1, tci = this.tci++ } = change;
    return this.result(
      {
        type: "endDownloadRequest",
        crc32: change.crc32 ?? crc32(content),
        imageBytes: change.imageBytes ?? content.length,
        instances: [instanceId],
      },
      { instanceId, tci },
    );
  }

  abort(instanceId = 1): number | undefined {
    return this.end(new Uint8Array(0), { crc32: 0xffffffff, imageBytes: 0, instanceId });
  }

  activate(instanceId: number): number | undefined {
    return this.result({ type: "activateImageRequest", flags: 0 }, { instanceId });
  }

  commit(instanceId: number): number | undefined {
    return this.result({ type: "commitImageRequest" }, { instanceId });
  }

  reboot(): number | undefined {
    return this.result({ type: "rebootRequest", flags: 0 }, { classId: 256, instanceId: 0 });
  }

  /** One window, as a run; answers its result. */
  window(content: Uint8Array, window: WindowSpec): Message | undefined {
    const before = this.sent.length;
    this.run(window.channel ?? "omcc", windowSpan(content, this.messageSet, window));
    return this.sent.slice(before).at(-1);
  }

  /** Start and all windows; no End. */
  send(
    content: Uint8Array,
    options: { windowSections?: number; sectionBytes?: number; instanceId?: number } = {},
  ): void {
    const { windowSections = 32, instanceId = 1 } = options;
    const sectionBytes = options.sectionBytes ?? (this.messageSet === "baseline" ? 31 : 1965);
    if (this.start(content.length, { windowSections, instanceId }) !== 0) throw new Error("Start refused");
    const total = Math.ceil(content.length / sectionBytes);
    for (let firstSection = 0; firstSection < total; firstSection += windowSections) {
      const sections = Math.min(windowSections, total - firstSection);
      const answer = this.window(content, {
        base: this.tci,
        firstSection,
        sections,
        sectionBytes,
        instanceId,
      });
      this.tci += sections;
      if (answer?.type !== "downloadSectionResponse" || answer.result !== 0) throw new Error("window refused");
    }
  }

  /** A whole good download into the instance: S3. */
  download(content: Uint8Array, options: { windowSections?: number; instanceId?: number } = {}): void {
    this.send(content, options);
    const instanceId = options.instanceId ?? 1;
    if (this.end(content, { instanceId }) !== 0) throw new Error("End refused");
  }

  flashStep(): boolean {
    const operation = this.waiting.shift();
    if (operation === undefined) return false;
    this.ont.handleFlashDone(this.nowNs, operation.id, carryOut(this.flash, operation));
    this.settle();
    return true;
  }

  eventsOf<T extends OntEvent["type"]>(type: T): Extract<OntEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<OntEvent, { type: T }> => event.type === type);
  }

  settle(): void {
    turnOnt(this.ont, this.#sinks, this.nowNs);
  }
}

export interface WindowSpec {
  /** TCI of section 0. */
  base: number;
  /** First section of the window, counted in the image. */
  firstSection: number;
  sections: number;
  sectionBytes: number;
  /** Sections of the window that go out; default all. */
  from?: number;
  count?: number;
  channel?: Channel;
  instanceId?: number;
  /** Whether the window's last section, when it is among those sent, has AR. */
  ackRequested?: boolean;
}

/** Sections `from`… of a window as one run over the image. */
export function windowSpan(content: Uint8Array, messageSet: MessageSet, window: WindowSpec): SectionSpan {
  const { base, firstSection, sections, sectionBytes, from = 0 } = window;
  const count = window.count ?? sections - from;
  const dataOffset = (firstSection + from) * sectionBytes;
  const isLast = from + count === sections;
  const lastSectionBytes = Math.min(sectionBytes, content.length - (firstSection + from + count - 1) * sectionBytes);
  return {
    messageSet,
    classId: SOFTWARE_IMAGE,
    instanceId: window.instanceId ?? (window.channel === "broadcast" ? ANY_INSTANCE : 1),
    firstTci: base + from,
    firstSection: from,
    count,
    ackRequested: isLast && (window.ackRequested ?? true),
    data: content,
    dataOffset,
    dataStride: sectionBytes,
    sectionBytes,
    lastSectionBytes,
  };
}

export const groupBase = nextWindowBase;

export function encode(message: Message): Uint8Array {
  const bytes = new Uint8Array(2000);
  return bytes.slice(0, encodeMessage(message, bytes));
}

/** @returns what was read, where something was */
export function carryOut(flash: TestFlash, operation: FlashOperation): Uint8Array | undefined {
  switch (operation.kind) {
    case "eraseSlot":
      flash.slots[operation.slot] = new Uint8Array(0);
      return undefined;
    case "writeSlot": {
      const { slot, offsetBytes, bytes } = operation;
      const grown = new Uint8Array(Math.max(flash.slots[slot].length, offsetBytes + bytes.length));
      grown.set(flash.slots[slot]);
      grown.set(bytes, offsetBytes);
      flash.slots[slot] = grown;
      return undefined;
    }
    case "readSlot": {
      const { slot, offsetBytes, lengthBytes } = operation;
      return flash.slots[slot].slice(offsetBytes, offsetBytes + lengthBytes);
    }
    case "syncSlot":
      return undefined;
    case "writeBootRecord":
      if (operation.record.sequence <= flash.record.sequence)
        throw new Error("the boot record's sequence stands still");
      flash.record = structuredClone(operation.record);
      return undefined;
  }
}

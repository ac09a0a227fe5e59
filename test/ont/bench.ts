/** An ONT core on the bench: its time, its power, its flash, and the frames that go in and come out. */
import { decodeMessage } from "../../omci/index.ts";
import type { Message } from "../../omci/messages.ts";
import type { SectionSpan } from "../../omci/section-span.ts";
import {
  createOnt,
  referenceProfile,
  type FlashFinding,
  type FlashOperation,
  type LocalAnswer,
  type Ont,
  type OntConfig,
  type OntEvent,
  type OntSinks,
  turnOnt,
} from "../../ont/index.ts";
import type { Channel } from "../../pon/types.ts";
import { carryOut, newFlash, type TestFlash } from "./flash.ts";
import { CrcVerifier } from "./images.ts";

export const ms = 1_000_000;

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

/** One ONT with a flash that is instant unless told otherwise. */
export class Bench {
  readonly config: OntConfig;
  readonly flash: TestFlash;
  readonly events: OntEvent[] = [];
  /** Answers and notifications so far, decoded. */
  readonly sent: Message[] = [];
  readonly raw: Uint8Array[] = [];
  ont: Ont;
  nowNs = 0;
  /** Operations are carried out at once; otherwise they wait for `flashStep`. */
  instantFlash = true;
  readonly waiting: FlashOperation[] = [];
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
      this.beforeFlash(operation);
      if (this.instantFlash) {
        this.ont.handleFlashDone(nowNs, operation.id, this.carryOut(operation));
      } else {
        const { kind } = operation;
        this.waiting.push(kind === "writeSlot" ? { ...operation, bytes: operation.bytes.slice() } : operation);
      }
    },
    event: (_nowNs, event) => this.events.push(event),
    local: (_nowNs, answer) => this.onLocal(answer),
  };
  /** May throw, for a power cut. */
  beforeFlash: (operation: FlashOperation) => void = () => undefined;
  carryOut = (operation: FlashOperation): FlashFinding | undefined => carryOut(this.flash, operation);
  onLocal: (answer: LocalAnswer) => void = () => undefined;

  constructor(change: Partial<OntConfig> = {}, flash: TestFlash = newFlash()) {
    this.config = testConfig(change);
    this.flash = flash;
    this.ont = createOnt(this.config, structuredClone(flash.record), 0);
    this.settle();
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

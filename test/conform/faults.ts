/** Faults that are put into our ONT from outside, by changing frames on their way to it and from it. */
import { MT } from "../../omci/index.ts";
import type { MessageSet } from "../../omci/messages.ts";
import { type QuirkProfile, referenceProfile } from "../../ont/index.ts";
import type { FailureKey } from "../../conform/core/failure.ts";
import type { Target, Transport } from "../../conform/core/transport.ts";
import { type SelfImages, selfTarget } from "../../conform/targets/self.ts";

const trailerBytes = 4;
const answerBit = 0x20;

export const second = 1_000_000_000;

/** All four flags of a software image, and where is-valid is among their values. */
export const flagsMask = 0xf000;
export const validAt = 16;

/** What is wrong with an ONT: its frames changed on their way, or a quirk of no profile. */
export interface Fault {
  quirk?: Partial<QuirkProfile>;
  /** A frame to the ONT; it may be changed in place, replaced, or (undefined) get lost. `reply` answers instead of the ONT. */
  down?: (pdu: Frame, reply: (frame: Uint8Array) => void) => Uint8Array | undefined;
  /** A frame from the ONT, in the same way. */
  up?: (frame: Frame, nowNs: number) => Uint8Array | undefined;
  /** Frames with a wrong trailer are taken. */
  ignoresTrailer?: boolean;
  onPowerCycle?: () => void;
}

/** A fault and the case that finds it. */
export interface Injected {
  id: string;
  /** What the case says. */
  key: FailureKey;
  /** What is wrong with the ONT; called for each run, so that it may count. */
  fault: () => Fault;
  set?: MessageSet;
}

/** The fields that faults look at, whichever the message set. */
export class Frame {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get tci(): number {
    return (this.bytes[0]! << 8) | this.bytes[1]!;
  }

  get type(): number {
    return this.bytes[2]! & 0x1f;
  }

  get ar(): boolean {
    return (this.bytes[2]! & 0x40) !== 0;
  }

  get isExtended(): boolean {
    return this.bytes[3] === 0x0b;
  }

  get classId(): number {
    return (this.bytes[4]! << 8) | this.bytes[5]!;
  }

  get instanceId(): number {
    return (this.bytes[6]! << 8) | this.bytes[7]!;
  }

  /** Contents, to be changed in place. */
  get contents(): Uint8Array {
    return this.bytes.subarray(this.isExtended ? 10 : 8);
  }

  /** Attribute mask of a Get request (0) or its answer (1). */
  mask(at: 0 | 1): number {
    return (this.contents[at]! << 8) | this.contents[at + 1]!;
  }

  /** Values of a Get answer. */
  get values(): Uint8Array {
    return this.contents.subarray(this.isExtended ? 7 : 3);
  }

  /** An answer to this request with one byte of contents, as most commands have it. */
  answer(result: number): Uint8Array {
    const head = [this.bytes[0]!, this.bytes[1]!, answerBit | this.type, ...this.bytes.subarray(3, 8)];
    const contents = this.isExtended ? [0, 1, result] : [result, ...new Uint8Array(31), 0, 0, 0, 40];
    return Uint8Array.from([...head, ...contents]);
  }
}

/** Our ONT with a fault. */
export function faultyTarget(images: SelfImages, fault: Fault): Target {
  const target = selfTarget({ ...referenceProfile, ...fault.quirk }, images);
  return { ...target, open: async () => withFault(await target.open(), fault) };
}

function withFault(line: Transport, fault: Fault): Transport {
  const faulty: Transport = Object.create(line) as Transport;
  const send = (pdu: Uint8Array): void => {
    const reply = (frame: Uint8Array): void => faulty.onFrame(frame);
    const through = fault.down === undefined ? pdu : fault.down(new Frame(pdu.slice()), reply);
    if (through !== undefined) line.send(through);
  };
  const own: Partial<Transport> = {
    onFrame: () => undefined,
    send,
    sendDamaged: (pdu) => (fault.ignoresTrailer === true ? send(pdu) : line.sendDamaged?.(pdu)),
    nowNs: () => line.nowNs(),
    wait: (deadlineNs) => line.wait(deadlineNs),
    checkTrailer: (frame) => line.checkTrailer?.(frame) === true,
    powerCycle: () => {
      fault.onPowerCycle?.();
      return line.powerCycle?.() ?? Promise.resolve();
    },
    close: () => line.close(),
  };
  for (const [name, value] of Object.entries(own)) Object.defineProperty(faulty, name, { value, writable: true });
  line.onFrame = (frame) => {
    const through = fault.up === undefined ? frame : fault.up(new Frame(frame.slice()), line.nowNs());
    if (through !== undefined) faulty.onFrame(through);
  };
  return faulty;
}

/** Changes answers of one message type. */
export const answers = (type: number, change: (frame: Frame) => void | Uint8Array): Fault => ({
  up: (frame) => (frame.type === type && frame.tci !== 0 ? (change(frame) ?? frame.bytes) : frame.bytes),
});

/** Changes values of Gets of one attribute mask. */
export const attribute = (mask: number, change: (values: Uint8Array, frame: Frame) => void): Fault =>
  answers(MT.get, (frame) => {
    if (frame.mask(1) === mask) change(frame.values, frame);
  });

export const withoutTrailer = (frame: Uint8Array): Uint8Array => frame.subarray(0, frame.length - trailerBytes);

/** A request to the ONT turned into another. */
export const turned = (when: (pdu: Frame) => boolean, into: (pdu: Frame) => Uint8Array | undefined): Fault => ({
  down: (pdu) => (when(pdu) ? into(pdu) : pdu.bytes),
});

import { DEVICE_BASELINE, DEVICE_EXTENDED, MT } from "./constants.ts";
import { type Field, fieldsOf, LAYOUTS, messageOf } from "./layout.ts";
import { attributesLength } from "./me.ts";
import type { InstanceResult, Message, MessageHeader } from "./messages.ts";

export const BASELINE_PDU_BYTES = 44;
export const BASELINE_CONTENTS_BYTES = 32;
export const EXTENDED_CONTENTS_BYTES_MAX = 1966;
const HEADER_BYTES = 8;
const EXTENDED_HEADER_BYTES = 10;
const TRAILER_BYTES = 4;
const INSTANCES_MAX = 9;
/** CPCS SDU length of a baseline frame (G.988 11.2.1). */
const SDU_LENGTH = 40;

/** A frame that is not as G.988 has it, but can be read all the same. */
export type Deviation =
  | "nonzero-padding"
  | "sdu-length-not-40"
  | "tci-zero-on-non-notification"
  | "no-instance-count"
  | "reserved-bit"
  | "ar-unexpected"
  | "trailing-bytes";

/** Why a frame cannot be read. */
export type DropCause =
  | "too-short"
  | "unknown-device"
  | "bad-length"
  | "contents-length-mismatch"
  | "contents-truncated"
  | "too-many-instances";

/** A message whose contents this project does not go into (create, set, MIB upload, …). */
export interface OtherMessage extends MessageHeader {
  type: "other";
  messageType: number;
  ar: boolean;
  ak: boolean;
  contents: Uint8Array;
}

export type Decoded =
  | { ok: true; message: Message | OtherMessage; deviations: readonly Deviation[] }
  | { ok: false; cause: DropCause; detail: string };

/** Our own mistake: a message that G.988 has no room for. */
export class OmciEncodeError extends RangeError {}

type Values = Record<string, unknown>;

/**
 * Writes a message as a PDU without trailer: 44 bytes baseline, 10 + contents extended.
 *
 * @returns bytes written from `at` on.
 * @throws OmciEncodeError for values that do not fit their field.
 */
export function encodeMessage(message: Message, out: Uint8Array, at = 0): number {
  const layout = LAYOUTS[message.type];
  const extended = message.messageSet === "extended";
  const ar = message.type === "downloadSectionRequest" ? message.ackRequested : layout.ar;
  putUint(out, at, 2, checked("tci", message.tci, 0xffff));
  out[at + 2] = (ar ? 0x40 : 0) | (layout.ak ? 0x20 : 0) | layout.messageType;
  out[at + 3] = extended ? DEVICE_EXTENDED : DEVICE_BASELINE;
  putUint(out, at + 4, 2, checked("classId", message.classId, 0xffff));
  putUint(out, at + 6, 2, checked("instanceId", message.instanceId, 0xffff));
  const contentsAt = at + (extended ? EXTENDED_HEADER_BYTES : HEADER_BYTES);
  const roomBytes = extended ? EXTENDED_CONTENTS_BYTES_MAX : BASELINE_CONTENTS_BYTES;
  if (!extended) out.fill(0, contentsAt, contentsAt + BASELINE_CONTENTS_BYTES);
  const writer = new ContentsWriter(out, contentsAt, contentsAt + roomBytes, extended, message.type);
  for (const field of fieldsOf(layout, extended)) writer.field(field, message as unknown as Values);
  const contentsBytes = writer.at - contentsAt;
  if (extended) {
    putUint(out, at + 8, 2, contentsBytes);
    return EXTENDED_HEADER_BYTES + contentsBytes;
  }
  putUint(out, at + 40, 4, SDU_LENGTH);
  return BASELINE_PDU_BYTES;
}

class ContentsWriter {
  at: number;
  readonly #out: Uint8Array;
  readonly #end: number;
  readonly #extended: boolean;
  readonly #name: string;

  constructor(out: Uint8Array, at: number, end: number, extended: boolean, name: string) {
    this.#out = out;
    this.at = at;
    this.#end = end;
    this.#extended = extended;
    this.#name = name;
  }

  field(field: Field, values: Values): void {
    switch (field.kind) {
      case "uint":
        return this.#uint(field, values);
      case "rest":
        return this.#rest(field, values[field.name] as Uint8Array);
      case "instances":
        return this.#instances(values[field.name] as number[]);
      case "instanceResults":
        return this.#instanceResults(values[field.name] as InstanceResult[]);
    }
  }

  #uint(field: Extract<Field, { kind: "uint" }>, values: Values): void {
    const value = values[field.name] as number;
    if (field.extension) {
      checked(field.name, value, field.extension.max);
      // Both or none: a plain answer has none of them, and stays as long as G.988 has it.
      if (this.#extended && values.missingSections === 0 && values.lostSections === 0) return;
    }
    const bias = field.bias ?? 0;
    const wire = value - bias;
    if (wire < 0) throw new OmciEncodeError(`${this.#name}.${field.name} is ${value}; at least ${bias} is possible`);
    this.#room(field.bytes, field.name);
    putUint(this.#out, this.at, field.bytes, checked(field.name, wire, 2 ** (8 * field.bytes) - 1));
    this.at += field.bytes;
  }

  #rest(field: Extract<Field, { kind: "rest" }>, bytes: Uint8Array): void {
    const room = this.#extended ? this.#end - this.at : field.baselineBytes;
    if (bytes.length > room || bytes.length < field.minimum) {
      throw new OmciEncodeError(
        `${this.#name}.${field.name} has ${bytes.length} bytes; ${field.minimum} to ${room} are possible`,
      );
    }
    this.#out.set(bytes, this.at);
    this.at += this.#extended ? bytes.length : field.baselineBytes;
  }

  #instances(instances: readonly number[]): void {
    this.#count(instances.length);
    for (const instanceId of instances) {
      putUint(this.#out, this.at, 2, checked("instance", instanceId, 0xffff));
      this.at += 2;
    }
  }

  #instanceResults(results: readonly InstanceResult[]): void {
    this.#count(results.length);
    for (const { instanceId, result } of results) {
      putUint(this.#out, this.at, 2, checked("instance", instanceId, 0xffff));
      this.#out[this.at + 2] = checked("result", result, 0xff);
      this.at += 3;
    }
  }

  #count(length: number): void {
    if (length > INSTANCES_MAX)
      throw new OmciEncodeError(`${this.#name} names ${length} instances; at most 9 are possible`);
    this.#out[this.at++] = length;
  }

  #room(bytes: number, name: string): void {
    if (this.at + bytes > this.#end) throw new OmciEncodeError(`${this.#name}.${name} does not fit`);
  }
}

/**
 * Reads a PDU; any bytes are taken, nothing is thrown. Baseline: 40, 44 or 48 bytes; extended: 10 + contents, with or
 * without trailer. The trailer's value is the link's affair.
 */
export function decodeMessage(pdu: Uint8Array): Decoded {
  if (pdu.length < HEADER_BYTES) return fail("too-short", `${pdu.length} bytes; a header has 8`);
  const device = pdu[3];
  if (device !== DEVICE_BASELINE && device !== DEVICE_EXTENDED) {
    return fail("unknown-device", `device identifier 0x${device.toString(16).padStart(2, "0")}`);
  }
  return device === DEVICE_BASELINE ? decodeBaseline(pdu) : decodeExtended(pdu);
}

function decodeBaseline(pdu: Uint8Array): Decoded {
  const { length } = pdu;
  if (length !== 40 && length !== BASELINE_PDU_BYTES && length !== BASELINE_PDU_BYTES + TRAILER_BYTES) {
    return fail("bad-length", `${length} bytes; a baseline frame has 40, 44 or 48`);
  }
  const deviations: Deviation[] = [];
  if (length >= BASELINE_PDU_BYTES && getUint(pdu, 42, 2) !== SDU_LENGTH) deviations.push("sdu-length-not-40");
  return decodeContents(pdu, HEADER_BYTES, HEADER_BYTES + BASELINE_CONTENTS_BYTES, false, deviations);
}

function decodeExtended(pdu: Uint8Array): Decoded {
  if (pdu.length < EXTENDED_HEADER_BYTES) return fail("too-short", `${pdu.length} bytes; an extended header has 10`);
  const contentsBytes = getUint(pdu, 8, 2);
  const end = EXTENDED_HEADER_BYTES + contentsBytes;
  if (pdu.length !== end && pdu.length !== end + TRAILER_BYTES) {
    return fail("contents-length-mismatch", `contents length ${contentsBytes}, but the frame has ${pdu.length} bytes`);
  }
  return decodeContents(pdu, EXTENDED_HEADER_BYTES, end, true, []);
}

/**
 * A message of each type with all of its fields, to be copied and filled in: an object that is given its fields one by
 * one, by names from a table, costs the engine ten times as much.
 */
const BLANKS = Object.fromEntries(
  Object.entries(LAYOUTS).map(([type, { fields }]) => {
    const names = type === "downloadSectionRequest" ? ["ackRequested"] : [];
    names.push(...fields.map((field) => field.name));
    const header = { tci: 0, messageSet: "baseline", classId: 0, instanceId: 0, type };
    return [type, { ...header, ...Object.fromEntries(names.map((name) => [name, 0])) }];
  }),
) as unknown as Readonly<Record<Message["type"], Values>>;

function decodeContents(
  pdu: Uint8Array,
  start: number,
  end: number,
  extended: boolean,
  deviations: Deviation[],
): Decoded {
  const typeByte = pdu[2];
  const messageType = typeByte & 0x1f;
  const ar = (typeByte & 0x40) !== 0;
  const ak = (typeByte & 0x20) !== 0;
  const header: MessageHeader = {
    tci: getUint(pdu, 0, 2),
    messageSet: extended ? "extended" : "baseline",
    classId: getUint(pdu, 4, 2),
    instanceId: getUint(pdu, 6, 2),
  };
  if (typeByte & 0x80) deviations.push("reserved-bit");
  const notification = messageType === MT.avc || messageType === MT.alarm || messageType === MT.testResult;
  if (header.tci === 0 && !notification) deviations.push("tci-zero-on-non-notification");
  const type = messageOf(messageType, ak);
  if (!type) {
    const contents = pdu.slice(start, end);
    return {
      ok: true,
      message: { ...header, type: "other", messageType, ar, ak, contents },
      deviations,
    };
  }
  const layout = LAYOUTS[type];
  if (type !== "downloadSectionRequest" && ar !== layout.ar) deviations.push("ar-unexpected");
  const values: Values = { ...BLANKS[type], ...header };
  if (type === "downloadSectionRequest") values.ackRequested = ar;
  const reader = new ContentsReader(pdu, start, end, extended, header.classId, deviations);
  for (const field of fieldsOf(layout, extended)) {
    const failure = reader.field(field, values);
    if (failure) return failure;
  }
  reader.finish();
  return { ok: true, message: values as unknown as Message, deviations };
}

class ContentsReader {
  #at: number;
  readonly #pdu: Uint8Array;
  readonly #end: number;
  readonly #extended: boolean;
  readonly #classId: number;
  readonly #deviations: Deviation[];

  constructor(
    pdu: Uint8Array,
    start: number,
    end: number,
    extended: boolean,
    classId: number,
    deviations: Deviation[],
  ) {
    this.#pdu = pdu;
    this.#at = start;
    this.#end = end;
    this.#extended = extended;
    this.#classId = classId;
    this.#deviations = deviations;
  }

  field(field: Field, values: Values): Decoded | undefined {
    switch (field.kind) {
      case "uint":
        return this.#uint(field, values);
      case "rest":
        return this.#rest(field, values);
      case "instances":
        return this.#instances(field, values);
      case "instanceResults":
        return this.#instanceResults(field, values);
    }
  }

  /** What follows the last field: zero in baseline, nothing in extended. */
  finish(): void {
    if (this.#extended) {
      if (this.#at < this.#end) this.#note("trailing-bytes");
    } else {
      this.#checkZero(this.#at, this.#end);
    }
  }

  #uint(field: Extract<Field, { kind: "uint" }>, values: Values): Decoded | undefined {
    const left = this.#end - this.#at;
    if (field.extension) {
      const value = left >= field.bytes ? getUint(this.#pdu, this.#at, field.bytes) : 0;
      // Anything else in these bytes is somebody's padding; `finish` says so.
      const plausible = left >= field.bytes && value <= field.extension.max;
      values[field.name] = plausible ? value : 0;
      if (plausible) this.#at += field.bytes;
      return undefined;
    }
    if (left < field.bytes) return this.#truncated(field.name, field.bytes);
    values[field.name] = getUint(this.#pdu, this.#at, field.bytes) + (field.bias ?? 0);
    this.#at += field.bytes;
    return undefined;
  }

  #rest(field: Extract<Field, { kind: "rest" }>, values: Values): Decoded | undefined {
    const end = this.#extended ? this.#end : this.#at + field.baselineBytes;
    if (end - this.#at < field.minimum) return this.#truncated(field.name, field.minimum);
    values[field.name] = this.#pdu.slice(this.#at, end);
    if (field.attributes && !this.#extended) {
      const used = attributesLength(this.#classId, values.attributeMask as number);
      if (used !== undefined) this.#checkZero(Math.min(end, this.#at + used), end);
    }
    this.#at = end;
    return undefined;
  }

  #instances(field: Extract<Field, { kind: "instances" }>, values: Values): Decoded | undefined {
    const instances: number[] = [];
    values[field.name] = instances;
    if (this.#at === this.#end) return this.#noCount();
    const count = this.#pdu[this.#at++];
    if (count > INSTANCES_MAX) return fail("too-many-instances", `${count} instances; at most 9 are possible`);
    if (this.#end - this.#at < 2 * count) return this.#truncated(field.name, 2 * count);
    for (let index = 0; index < count; index++, this.#at += 2) instances.push(getUint(this.#pdu, this.#at, 2));
    return undefined;
  }

  #instanceResults(field: Extract<Field, { kind: "instanceResults" }>, values: Values): Decoded | undefined {
    const results: InstanceResult[] = [];
    values[field.name] = results;
    if (this.#at === this.#end) return this.#noCount();
    const count = this.#pdu[this.#at++];
    if (count > INSTANCES_MAX) return fail("too-many-instances", `${count} instances; at most 9 are possible`);
    if (this.#end - this.#at < 3 * count) return this.#truncated(field.name, 3 * count);
    for (let index = 0; index < count; index++, this.#at += 3) {
      results.push({
        instanceId: getUint(this.#pdu, this.#at, 2),
        result: this.#pdu[this.#at + 2],
      });
    }
    return undefined;
  }

  /** Some ONTs send extended answers as short as those of G.9701: no count is a count of none. */
  #noCount(): undefined {
    this.#note("no-instance-count");
    return undefined;
  }

  #truncated(name: string, bytes: number): Decoded {
    return fail("contents-truncated", `${name} wants ${bytes} bytes, ${this.#end - this.#at} are left`);
  }

  #checkZero(from: number, to: number): void {
    for (let at = from; at < to; at++) {
      if (this.#pdu[at] === 0) continue;
      this.#note("nonzero-padding");
      return;
    }
  }

  #note(deviation: Deviation): void {
    if (!this.#deviations.includes(deviation)) this.#deviations.push(deviation);
  }
}

const fail = (cause: DropCause, detail: string): Decoded => ({ ok: false, cause, detail });

function checked(name: string, value: number, max: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw new OmciEncodeError(`${name} is ${value}; 0 to ${max} are possible`);
}

function putUint(out: Uint8Array, at: number, bytes: number, value: number): void {
  for (let index = bytes - 1, rest = value; index >= 0; index--, rest = Math.floor(rest / 256))
    out[at + index] = rest & 0xff;
}

function getUint(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let index = 0; index < count; index++) value = value * 256 + bytes[at + index];
  return value;
}

/** Bytes to messages, by the table of layouts. */
import {
  AK,
  AR,
  DB,
  DEVICE_BASELINE,
  DEVICE_EXTENDED,
  INSTANCES_MAX,
  isNotification,
  MESSAGE_TYPE_BITS,
} from "./constants.ts";
import type { AnyValues, Field, FieldOf, InstanceResult } from "./field.ts";
import { fieldsOf, layoutOf, MESSAGE_NAMES, type MessageName, messageOf } from "./layout.ts";
import { attributesLength } from "./attribute-values.ts";
import type { Decoded, Deviation, DropCause } from "./decoded.ts";
import { asMessage, type MessageHeader } from "./messages.ts";
import { readSectionAnswer } from "./section-answer.ts";
import {
  BASELINE_FRAME_BYTES,
  BASELINE_MESSAGE_BYTES,
  BASELINE_PDU_BYTES,
  EXTENDED_HEADER_BYTES,
  HEADER_BYTES,
  SDU_LENGTH,
  TRAILER_BYTES,
} from "./sizes.ts";

/**
 * Reads a PDU; any bytes are taken, nothing is thrown. Baseline: 40, 44 or 48 bytes; extended: 10 + contents, with or
 * without trailer. The trailer's value is the link's affair.
 */
export const decodeMessage = (pdu: Uint8Array): Decoded => readSectionAnswer(pdu) ?? decodeByTable(pdu);

/** All messages alike. */
export function decodeByTable(pdu: Uint8Array): Decoded {
  if (pdu.length < HEADER_BYTES) return fail("too-short", `${pdu.length} bytes; a header has 8`);
  const device = pdu[3];
  if (device !== DEVICE_BASELINE && device !== DEVICE_EXTENDED) {
    return fail("unknown-device", `device identifier 0x${device.toString(16).padStart(2, "0")}`);
  }
  return device === DEVICE_BASELINE ? decodeBaseline(pdu) : decodeExtended(pdu);
}

function decodeBaseline(pdu: Uint8Array): Decoded {
  const { length } = pdu;
  if (length !== BASELINE_MESSAGE_BYTES && length !== BASELINE_PDU_BYTES && length !== BASELINE_FRAME_BYTES) {
    return fail("bad-length", `${length} bytes; a baseline frame has 40, 44 or 48`);
  }
  const deviations: Deviation[] = [];
  if (length >= BASELINE_PDU_BYTES && getUint(pdu, BASELINE_PDU_BYTES - 2, 2) !== SDU_LENGTH)
    deviations.push("sdu-length-not-40");
  return decodeContents(pdu, HEADER_BYTES, BASELINE_MESSAGE_BYTES, false, deviations);
}

function decodeExtended(pdu: Uint8Array): Decoded {
  if (pdu.length < EXTENDED_HEADER_BYTES) return fail("too-short", `${pdu.length} bytes; an extended header has 10`);
  const contentsBytes = getUint(pdu, HEADER_BYTES, 2);
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
const BLANKS: Readonly<Record<string, AnyValues>> = Object.fromEntries(
  MESSAGE_NAMES.map((type) => {
    const { ar, fields } = layoutOf(type);
    const names = [...(ar === "ackRequested" ? [ar] : []), ...fields.map((field) => field.name)];
    const header = { tci: 0, messageSet: "baseline", classId: 0, instanceId: 0, type };
    return [type, { ...header, ...Object.fromEntries(names.map((name) => [name, 0])) }];
  }),
);

function decodeContents(
  pdu: Uint8Array,
  start: number,
  end: number,
  extended: boolean,
  deviations: Deviation[],
): Decoded {
  const typeByte = pdu[2];
  const messageType = typeByte & MESSAGE_TYPE_BITS;
  const ar = (typeByte & AR) !== 0;
  const ak = (typeByte & AK) !== 0;
  const header: MessageHeader = {
    tci: getUint(pdu, 0, 2),
    messageSet: extended ? "extended" : "baseline",
    classId: getUint(pdu, 4, 2),
    instanceId: getUint(pdu, 6, 2),
  };
  if (typeByte & DB) deviations.push("reserved-bit");
  if (header.tci === 0 && !isNotification(messageType)) deviations.push("tci-zero-on-non-notification");
  const type = messageOf(messageType, ak);
  if (!type) {
    const contents = pdu.slice(start, end);
    return {
      ok: true,
      message: { ...header, type: "other", messageType, ar, ak, contents },
      deviations,
    };
  }
  const layout = layoutOf(type);
  const values: AnyValues & MessageHeader & { type: MessageName } = { ...BLANKS[type], ...header, type };
  if (layout.ar === "ackRequested") values.ackRequested = ar;
  else if (ar !== layout.ar) {
    deviations.push("ar-unexpected");
    values.deviantAr = ar;
  }
  const reader = new ContentsReader(pdu, start, end, extended, header.classId, deviations);
  for (const field of fieldsOf(layout, extended)) {
    const failure = reader.field(field, values);
    if (failure) return failure;
  }
  reader.finish();
  return { ok: true, message: asMessage(values), deviations };
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

  field(field: Field, values: AnyValues): Decoded | undefined {
    switch (field.kind) {
      case "uint":
        return this.#uint(field, values);
      case "rest":
        return this.#rest(field, values);
      case "bytes":
        return this.#bytes(field, values);
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

  #uint(field: FieldOf<"uint">, values: AnyValues): Decoded | undefined {
    const left = this.#end - this.#at;
    if (field.extension) {
      const value = left >= field.bytes ? getUint(this.#pdu, this.#at, field.bytes) : 0;
      // Anything else in these bytes is somebody's padding; `finish` says so.
      const plausible = left >= field.bytes && value <= field.extension.max;
      values[field.name] = plausible ? value : 0;
      if (plausible) this.#at += field.bytes;
      return undefined;
    }
    if (!this.#extended && field.baselinePaddingBytes !== undefined) {
      this.#checkZero(this.#at, this.#at + field.baselinePaddingBytes);
      this.#at += field.baselinePaddingBytes;
    }
    if (left === 0 && field.optional) {
      values[field.name] = 0;
      return undefined;
    }
    if (left < field.bytes) return this.#truncated(field.name, field.bytes);
    values[field.name] = getUint(this.#pdu, this.#at, field.bytes) + (field.bias ?? 0);
    this.#at += field.bytes;
    return undefined;
  }

  #rest(field: FieldOf<"rest">, values: AnyValues): Decoded | undefined {
    const end = this.#extended ? this.#end : this.#at + field.baselineBytes;
    if (end - this.#at < field.minimum) return this.#truncated(field.name, field.minimum);
    values[field.name] = this.#pdu.slice(this.#at, end);
    if (field.attributes && !this.#extended) {
      const used = attributesLength(this.#classId, Number(values.attributeMask ?? 0), field.attributes);
      if (used !== undefined) this.#checkZero(Math.min(end, this.#at + used), end);
    }
    this.#at = end;
    return undefined;
  }

  #bytes(field: FieldOf<"bytes">, values: AnyValues): Decoded | undefined {
    if (this.#end - this.#at < field.bytes) return this.#truncated(field.name, field.bytes);
    values[field.name] = this.#pdu.slice(this.#at, this.#at + field.bytes);
    this.#at += field.bytes;
    return undefined;
  }

  #instances(field: FieldOf<"instances">, values: AnyValues): Decoded | undefined {
    const instances: number[] = [];
    values[field.name] = instances;
    if (this.#at === this.#end) return this.#noCount();
    const count = this.#pdu[this.#at++];
    if (count > INSTANCES_MAX) return fail("too-many-instances", `${count} instances; at most 9 are possible`);
    if (this.#end - this.#at < 2 * count) return this.#truncated(field.name, 2 * count);
    for (let index = 0; index < count; index++, this.#at += 2) instances.push(getUint(this.#pdu, this.#at, 2));
    return undefined;
  }

  #instanceResults(field: FieldOf<"instanceResults">, values: AnyValues): Decoded | undefined {
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

function getUint(bytes: Uint8Array, at: number, count: number): number {
  if (count === 2) return (bytes[at] << 8) | bytes[at + 1];
  if (count === 1) return bytes[at];
  let value = 0;
  for (let index = 0; index < count; index++) value = value * 256 + bytes[at + index];
  return value;
}

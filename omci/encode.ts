/** Messages to bytes, by the table of layouts. */
import { AK, AR, DEVICE_BASELINE, DEVICE_EXTENDED, INSTANCES_MAX } from "./constants.ts";
import { type AnyValues, type Field, type FieldOf, type InstanceResult, valueOf } from "./field.ts";
import { fieldsOf, layoutOf } from "./layout.ts";
import type { Message, MessageBody, MessageHeader } from "./messages.ts";
import { encodeSectionAnswer } from "./section-answer.ts";
import {
  BASELINE_CONTENTS_BYTES,
  BASELINE_MESSAGE_BYTES,
  BASELINE_PDU_BYTES,
  EXTENDED_CONTENTS_BYTES_MAX,
  EXTENDED_HEADER_BYTES,
  HEADER_BYTES,
  SDU_LENGTH,
} from "./sizes.ts";

/** Our own mistake: a message that G.988 has no room for. */
export class OmciEncodeError extends RangeError {}

/**
 * Writes a message as a PDU without trailer: 44 bytes baseline, 10 + contents extended.
 *
 * @returns bytes written from `at` on.
 * @throws OmciEncodeError for values that do not fit their field.
 */
export function encodeMessage(message: Message, out: Uint8Array, at = 0): number {
  const pduBytes = encodeBody(message, message, out, at);
  const { deviantAr } = message;
  if (deviantAr !== undefined) out[at + 2] = deviantAr ? out[at + 2] | AR : out[at + 2] & ~AR;
  return pduBytes;
}

/** The same of header and body apart, and with AR as the layout has it: to make one object of any two costs more than to write it. */
export function encodeBody(header: MessageHeader, body: MessageBody, out: Uint8Array, at = 0): number {
  const written = body.type === "downloadSectionResponse" ? encodeSectionAnswer(header, body, out, at) : 0;
  return written > 0 ? written : encodeByTable(header, body, out, at);
}

/** All messages alike. */
export function encodeByTable(header: MessageHeader, body: MessageBody, out: Uint8Array, at: number): number {
  const layout = layoutOf(body.type);
  const extended = header.messageSet === "extended";
  const values: AnyValues = body;
  const ar = layout.ar === "ackRequested" ? values.ackRequested === true : layout.ar;
  putUint(out, at, 2, checked("tci", header.tci, 0xffff));
  out[at + 2] = (ar ? AR : 0) | (layout.ak ? AK : 0) | layout.messageType;
  out[at + 3] = extended ? DEVICE_EXTENDED : DEVICE_BASELINE;
  putUint(out, at + 4, 2, checked("classId", header.classId, 0xffff));
  putUint(out, at + 6, 2, checked("instanceId", header.instanceId, 0xffff));
  const contentsAt = at + (extended ? EXTENDED_HEADER_BYTES : HEADER_BYTES);
  const roomBytes = extended ? EXTENDED_CONTENTS_BYTES_MAX : BASELINE_CONTENTS_BYTES;
  if (!extended) out.fill(0, contentsAt, contentsAt + BASELINE_CONTENTS_BYTES);
  const fields = fieldsOf(layout, extended);
  const writer = new ContentsWriter(out, contentsAt, contentsAt + roomBytes, extended, body.type);
  for (const field of fields) {
    // All or none: a plain answer has no field of the extension, and stays as long as G.988 has it.
    if (extended && isExtension(field) && fields.every((each) => !isExtension(each) || values[each.name] === 0)) break;
    writer.field(field, values);
  }
  const contentsBytes = writer.at - contentsAt;
  if (extended) {
    putUint(out, at + 8, 2, contentsBytes);
    return EXTENDED_HEADER_BYTES + contentsBytes;
  }
  putUint(out, at + BASELINE_MESSAGE_BYTES, 4, SDU_LENGTH);
  return BASELINE_PDU_BYTES;
}

/**
 * Makes an encoded answer that of another message type, for requests whose contents this project does not go into: their
 * answer is a result alone, as that to MIB reset is.
 */
export function retypeAnswer(pdu: Uint8Array, messageType: number): void {
  pdu[2] = AK | messageType;
}

const isExtension = (field: Field): boolean => field.kind === "uint" && field.extension !== undefined;

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

  field(field: Field, values: AnyValues): void {
    switch (field.kind) {
      case "uint":
        return this.#uint(field, valueOf(values, field));
      case "rest":
        return this.#rest(field, valueOf(values, field));
      case "bytes":
        return this.#bytes(field, valueOf(values, field));
      case "instances":
        return this.#instances(valueOf(values, field));
      case "instanceResults":
        return this.#instanceResults(valueOf(values, field));
    }
  }

  #uint(field: FieldOf<"uint">, value: number): void {
    if (field.extension) checked(field.name, value, field.extension.max);
    const bias = field.bias ?? 0;
    const wire = value - bias;
    if (wire < 0) throw new OmciEncodeError(`${this.#name}.${field.name} is ${value}; at least ${bias} is possible`);
    if (!this.#extended) this.at += field.baselinePaddingBytes ?? 0;
    this.#room(field.bytes, field.name);
    putUint(this.#out, this.at, field.bytes, checked(field.name, wire, 2 ** (8 * field.bytes) - 1));
    this.at += field.bytes;
  }

  #rest(field: FieldOf<"rest">, bytes: Uint8Array): void {
    const room = this.#extended ? this.#end - this.at : field.baselineBytes;
    if (bytes.length > room || bytes.length < field.minimum) {
      throw new OmciEncodeError(
        `${this.#name}.${field.name} has ${bytes.length} bytes; ${field.minimum} to ${room} are possible`,
      );
    }
    this.#out.set(bytes, this.at);
    this.at += this.#extended ? bytes.length : field.baselineBytes;
  }

  #bytes(field: FieldOf<"bytes">, bytes: Uint8Array): void {
    if (bytes.length !== field.bytes)
      throw new OmciEncodeError(`${this.#name}.${field.name} has ${bytes.length} bytes; ${field.bytes} are wanted`);
    this.#room(field.bytes, field.name);
    this.#out.set(bytes, this.at);
    this.at += field.bytes;
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

function checked(name: string, value: number, max: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw new OmciEncodeError(`${name} is ${value}; 0 to ${max} are possible`);
}

function putUint(out: Uint8Array, at: number, bytes: number, value: number): void {
  for (let index = bytes - 1, rest = value; index >= 0; index--, rest = Math.floor(rest / 256))
    out[at + index] = rest & 0xff;
}

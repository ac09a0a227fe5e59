/** Messages to bytes and back by the tables of a .proto file; the wire itself is protobufjs', without its reflection. */
import protobuf from "protobufjs/minimal.js";
import type { ProtoField, ProtoFile, ProtoMessage, ProtoScalar } from "./types.ts";

export interface MessageCodec<Message> {
  /** Fields in the order of their numbers; as proto3 has it, a default is left out where the field may not be absent. */
  encode: (message: Message) => Uint8Array;
  /** The same with its length before it. */
  encodeDelimited: (message: Message) => Uint8Array;
  /** The same, in memory that the next call of this codec writes over: for who copies it at once. */
  viewDelimited: (message: Message) => Uint8Array;
  /**
   * Fields with other numbers are passed over. Repeated numbers are read packed and unpacked; of a oneof the field given last
   * is there, and a message given twice is one, as protobuf has it.
   *
   * @throws Error when the bytes are no such message
   */
  decode: (bytes: Uint8Array) => Message;
}

/** Wire type of bytes, strings, messages, and of repeated numbers that are packed. */
const LENGTH_DELIMITED = 2;

type Plain = Record<string, unknown>;
type Write = (writer: protobuf.Writer, value: unknown) => void;

interface Kind {
  wireType: 0 | 2 | 5;
  write: Write;
  /** @param before value of the same field so far, which a message goes on with */
  read: (reader: protobuf.Reader, before: unknown) => unknown;
  /** What an absent field reads as; a message has none. */
  absent?: unknown;
}

/** A 64-bit integer; it is an object where the package `long` is installed. */
const numberOf = (value: unknown): number =>
  typeof value === "number" ? value : (value as { toNumber: () => number }).toNumber();

const SCALARS: Readonly<Record<ProtoScalar, Kind>> = {
  bool: {
    wireType: 0,
    write: (writer, value) => writer.bool(value as boolean),
    read: (reader) => reader.bool(),
    absent: false,
  },
  bytes: {
    wireType: 2,
    write: (writer, value) => writer.bytes(value as Uint8Array),
    read: (reader) => reader.bytes(),
    absent: new Uint8Array(0),
  },
  fixed32: {
    wireType: 5,
    write: (writer, value) => writer.fixed32(value as number),
    read: (reader) => reader.fixed32(),
    absent: 0,
  },
  sint32: {
    wireType: 0,
    write: (writer, value) => writer.sint32(value as number),
    read: (reader) => reader.sint32(),
    absent: 0,
  },
  string: {
    wireType: 2,
    write: (writer, value) => writer.string(value as string),
    read: (reader) => reader.string(),
    absent: "",
  },
  uint32: {
    wireType: 0,
    write: (writer, value) => writer.uint32(value as number),
    read: (reader) => reader.uint32(),
    absent: 0,
  },
  uint64: {
    wireType: 0,
    write: (writer, value) => writer.uint64(value as number),
    read: (reader) => numberOf(reader.uint64()),
    absent: 0,
  },
};

interface Step extends Kind {
  name: string;
  tag: number;
  isRepeated: boolean;
  /** Names of the other fields of its oneof: one at most is there. */
  excludes: readonly string[];
  /** A default says nothing: neither `optional` nor in a oneof. */
  isImplicit: boolean;
}

function writeField(
  writer: protobuf.Writer,
  { tag, isRepeated, isImplicit, absent, write }: Step,
  value: unknown,
): void {
  if (value === undefined || value === null) return;
  if (isImplicit && (value === absent || (value instanceof Uint8Array && value.length === 0))) return;
  if (!isRepeated) {
    writer.uint32(tag);
    write(writer, value);
    return;
  }
  for (const item of value as unknown[]) {
    writer.uint32(tag);
    write(writer, item);
  }
}

/** A message's fields, ready to be walked. */
class Layout {
  readonly #steps: Step[] = [];
  readonly #byTag = new Map<number, Step>();
  /** Repeated numbers, by the tag of their packed form. */
  readonly #packed = new Map<number, Step>();
  readonly #byName = new Map<string, Step>();
  /** Nothing but a oneof: its one field is found by its name. */
  #isUnion = false;
  readonly #defaults: Step[] = [];

  /** Apart from the constructor, so that messages may hold one another. */
  fill(fields: Readonly<Record<string, ProtoField>>, kindOf: (type: string) => Kind): void {
    const oneofs = new Set(Object.values(fields).map(({ oneof }) => oneof));
    this.#isUnion = oneofs.size === 1 && !oneofs.has(undefined);
    const sorted = Object.entries(fields).sort(([, a], [, b]) => a.id - b.id);
    for (const [name, { id, type, rule, oneof }] of sorted) {
      const kind = kindOf(type);
      const isImplicit = rule === undefined && oneof === undefined && "absent" in kind;
      const isRepeated = rule === "repeated";
      const excludes = sorted.flatMap(([other, field]) =>
        oneof !== undefined && field.oneof === oneof && other !== name ? [other] : [],
      );
      const step = { ...kind, name, tag: (id << 3) | kind.wireType, isRepeated, excludes, isImplicit };
      this.#steps.push(step);
      this.#byTag.set(step.tag, step);
      if (isRepeated && kind.wireType !== LENGTH_DELIMITED) this.#packed.set((id << 3) | LENGTH_DELIMITED, step);
      this.#byName.set(name, step);
      if (step.isRepeated || isImplicit) this.#defaults.push(step);
    }
  }

  write(writer: protobuf.Writer, message: Plain): protobuf.Writer {
    if (this.#isUnion) {
      for (const name in message) {
        const step = this.#byName.get(name);
        if (step !== undefined) writeField(writer, step, message[name]);
      }
      return writer;
    }
    for (let at = 0; at < this.#steps.length; at++) {
      const step = this.#steps[at];
      writeField(writer, step, message[step.name]);
    }
    return writer;
  }

  /** @param message what was read before of the same message, which goes on */
  read(reader: protobuf.Reader, end: number, message: Plain = this.#empty()): Plain {
    while (reader.pos < end) {
      const tag = reader.uint32();
      const step = this.#byTag.get(tag);
      if (step === undefined) this.#readPacked(reader, tag, message);
      else if (step.isRepeated) (message[step.name] as unknown[]).push(step.read(reader, undefined));
      else {
        for (const other of step.excludes) if (other in message) delete message[other];
        message[step.name] = step.read(reader, message[step.name]);
      }
    }
    if (reader.pos !== end) throw new RangeError("a field reaches beyond its message");
    return message;
  }

  #empty(): Plain {
    const message: Plain = {};
    for (const { name, isRepeated, absent } of this.#defaults) message[name] = isRepeated ? [] : absent;
    return message;
  }

  /** A repeated number in its packed form, or a field that this side does not know. */
  #readPacked(reader: protobuf.Reader, tag: number, message: Plain): void {
    const step = this.#packed.get(tag);
    if (step === undefined) return void reader.skipType(tag & 7);
    const end = reader.uint32() + reader.pos;
    const values = message[step.name] as unknown[];
    while (reader.pos < end) values.push(step.read(reader, undefined));
    if (reader.pos !== end) throw new RangeError("a value reaches beyond its field");
  }
}

/** Reading and writing of one message of a .proto file. */
export function messageCodec<const File extends ProtoFile, Name extends keyof File["messages"] & string>(
  file: File,
  name: Name,
): MessageCodec<ProtoMessage<File, Name>> {
  const layouts = new Map<string, Layout>();

  function kindOf(type: string): Kind {
    if (type in SCALARS) return SCALARS[type as ProtoScalar];
    const values = file.enums[type];
    if (values !== undefined) return enumKind(values);
    const layout = layoutOf(type);
    return {
      wireType: 2,
      write: (writer, value) => layout.write(writer.fork(), value as Plain).ldelim(),
      read: (reader, before) => layout.read(reader, reader.uint32() + reader.pos, before as Plain | undefined),
    };
  }

  function layoutOf(type: string): Layout {
    const known = layouts.get(type);
    if (known !== undefined) return known;
    const fields = file.messages[type];
    if (fields === undefined) throw new RangeError(`no message ${type}`);
    const layout = new Layout();
    layouts.set(type, layout);
    layout.fill(fields, kindOf);
    return layout;
  }

  const layout = layoutOf(name);
  /** One for all messages: journals have hundreds of thousands. */
  let writer: protobuf.Writer | undefined;
  const written = (message: Plain): protobuf.Writer => {
    const used = writer ?? protobuf.Writer.create();
    // Not kept when what follows throws: it would begin in the middle.
    writer = undefined;
    layout.write(used.reset().fork(), message).ldelim();
    writer = used;
    return used;
  };
  return {
    encode: (message) => layout.write(protobuf.Writer.create(), message).finish(),
    encodeDelimited: (message) => written(message).finish(),
    viewDelimited: (message) => written(message).finish(true),
    decode: (bytes) => layout.read(protobuf.Reader.create(bytes), bytes.length) as ProtoMessage<File, Name>,
  };
}

function enumKind(values: Readonly<Record<string, number>>): Kind {
  const names = new Map(Object.entries(values).map(([name, value]) => [value, name]));
  return {
    wireType: 0,
    write: (writer, value) => writer.uint32(values[value as string]),
    read: (reader) => names.get(reader.uint32()),
    absent: names.get(0),
  };
}

/** Messages and methods of VOLTHA's OpenOLT interface, as far as OMCI needs it (proto/openolt.proto). */
import { messageCodec, type ProtoMessage } from "../../../base/protobuf/index.ts";
import { OPENOLT } from "./openolt.pb.ts";

type Message<Name extends keyof typeof OPENOLT.messages> = ProtoMessage<typeof OPENOLT, Name>;
export type SerialNumber = Message<"SerialNumber">;
export type OmciMsg = Message<"OmciMsg">;
export type Onu = Message<"Onu">;
/** One of its fields is there; of another kind of indication none. */
export type Indication = Message<"Indication">;

/** As the gRPC library calls it. */
export interface Codec<Message> {
  encode: (message: Message) => Buffer;
  decode: (bytes: Uint8Array) => Message;
}

function codecOf<Name extends keyof typeof OPENOLT.messages>(name: Name): Codec<Message<Name>> {
  const { encode, decode } = messageCodec(OPENOLT, name);
  return { encode: (message) => Buffer.from(encode(message)), decode };
}

const empty = codecOf("Empty");
const onu = codecOf("Onu");

/** Method definitions as the gRPC library takes them. */
export const methods = {
  enableIndication: {
    path: "/openolt.Openolt/EnableIndication",
    requestStream: false,
    responseStream: true,
    request: empty,
    response: codecOf("Indication"),
  },
  activateOnu: {
    path: "/openolt.Openolt/ActivateOnu",
    requestStream: false,
    responseStream: false,
    request: onu,
    response: empty,
  },
  deleteOnu: {
    path: "/openolt.Openolt/DeleteOnu",
    requestStream: false,
    responseStream: false,
    request: onu,
    response: empty,
  },
  omciMsgOut: {
    path: "/openolt.Openolt/OmciMsgOut",
    requestStream: false,
    responseStream: false,
    request: codecOf("OmciMsg"),
    response: empty,
  },
} as const;

/** "PCST0000002A" of vendor and number, as ONU-G has it. */
export const serialText = ({ vendorId, vendorSpecific }: SerialNumber): string =>
  Buffer.from(vendorId).toString("latin1") + Buffer.from(vendorSpecific).toString("hex").toUpperCase();

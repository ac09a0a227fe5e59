import protobuf from "protobufjs/light.js";

/**
 * The part of VOLTHA's OpenOLT interface that carries OMCI (proto3, package `openolt`), written from its field numbers. Fields
 * that are not named here are passed over.
 */

const root = protobuf.Root.fromJSON({
  nested: {
    openolt: {
      nested: {
        Empty: { fields: {} },
        SerialNumber: { fields: { vendorId: { type: "bytes", id: 1 }, vendorSpecific: { type: "bytes", id: 2 } } },
        OltIndication: { fields: { operState: { type: "string", id: 1 } } },
        OnuDiscIndication: {
          fields: { intfId: { type: "fixed32", id: 1 }, serialNumber: { type: "SerialNumber", id: 2 } },
        },
        OnuIndication: {
          fields: {
            intfId: { type: "fixed32", id: 1 },
            onuId: { type: "fixed32", id: 2 },
            operState: { type: "string", id: 3 },
            serialNumber: { type: "SerialNumber", id: 4 },
          },
        },
        OmciMsg: {
          fields: {
            intfId: { type: "fixed32", id: 1 },
            onuId: { type: "fixed32", id: 2 },
            pkt: { type: "bytes", id: 3 },
          },
        },
        Indication: {
          oneofs: { data: { oneof: ["oltInd", "onuDiscInd", "onuInd", "omciInd"] } },
          fields: {
            oltInd: { type: "OltIndication", id: 1 },
            onuDiscInd: { type: "OnuDiscIndication", id: 4 },
            onuInd: { type: "OnuIndication", id: 5 },
            omciInd: { type: "OmciMsg", id: 6 },
          },
        },
        Onu: {
          fields: {
            intfId: { type: "fixed32", id: 1 },
            onuId: { type: "fixed32", id: 2 },
            serialNumber: { type: "SerialNumber", id: 3 },
          },
        },
      },
    },
  },
});

export interface SerialNumber {
  /** Four letters. */
  vendorId: Uint8Array;
  /** Four bytes. */
  vendorSpecific: Uint8Array;
}
export interface OmciMsg {
  intfId: number;
  onuId: number;
  pkt: Uint8Array;
}
export interface Onu {
  intfId: number;
  onuId: number;
  serialNumber: SerialNumber;
}
/** One of these; another kind of indication has none of them. */
export interface Indication {
  oltInd?: { operState: string };
  onuDiscInd?: { intfId: number; serialNumber?: SerialNumber | null };
  onuInd?: { intfId: number; onuId: number; operState: string; serialNumber?: SerialNumber };
  omciInd?: OmciMsg;
}

export interface Codec<Message> {
  encode: (message: Message) => Buffer;
  decode: (bytes: Uint8Array) => Message;
}

function codecOf<Message extends object>(name: string): Codec<Message> {
  const type = root.lookupType(`openolt.${name}`);
  return {
    encode: (message) => Buffer.from(type.encode(type.create(message)).finish()),
    decode: (bytes) => type.decode(bytes) as unknown as Message,
  };
}

const empty = codecOf<object>("Empty");
const onu = codecOf<Onu>("Onu");

/** Method definitions as the gRPC library takes them. */
export const methods = {
  enableIndication: {
    path: "/openolt.Openolt/EnableIndication",
    requestStream: false,
    responseStream: true,
    request: empty,
    response: codecOf<Indication>("Indication"),
  },
  activateOnu: {
    path: "/openolt.Openolt/ActivateOnu",
    requestStream: false,
    responseStream: false,
    request: onu,
    response: empty,
  },
  omciMsgOut: {
    path: "/openolt.Openolt/OmciMsgOut",
    requestStream: false,
    responseStream: false,
    request: codecOf<OmciMsg>("OmciMsg"),
    response: empty,
  },
} as const;

/** "PCST0000002A" of vendor and number, as ONU-G has it. */
export const serialText = ({ vendorId, vendorSpecific }: SerialNumber): string =>
  Buffer.from(vendorId).toString("latin1") + Buffer.from(vendorSpecific).toString("hex").toUpperCase();

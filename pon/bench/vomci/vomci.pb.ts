/** Made from proto/vomci.proto by `npm run docs`; not written by hand. */
import type { ProtoFile } from "../../../base/protobuf/index.ts";

export const VOMCI = {
  messages: {
    Empty: {},
    Hello: {
      endpointName: { id: 1, type: "string" },
    },
    HelloVomciRequest: {
      localEndpointHello: { id: 1, type: "Hello" },
    },
    HelloVomciResponse: {
      remoteEndpointHello: { id: 1, type: "Hello" },
    },
    VomciMessage: {
      errorMsg: { id: 2, type: "VomciError", oneof: "msg" },
      omciPacketMsg: { id: 3, type: "OmciPacket", oneof: "msg" },
    },
    VomciError: {
      errorCode: { id: 1, type: "uint32" },
      errorDescription: { id: 2, type: "string" },
    },
    OnuHeader: {
      oltName: { id: 1, type: "string" },
      chnlTermName: { id: 2, type: "string" },
      onuId: { id: 3, type: "uint32" },
    },
    OmciPacket: {
      header: { id: 1, type: "OnuHeader" },
      payload: { id: 3, type: "bytes" },
    },
  },
  enums: {},
} as const satisfies ProtoFile;

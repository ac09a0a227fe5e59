/** Made from proto/openolt.proto by `npm run docs`; not written by hand. */
import type { ProtoFile } from "../../../base/protobuf/index.ts";

export const OPENOLT = {
  messages: {
    Empty: {},
    SerialNumber: {
      vendorId: { id: 1, type: "bytes" },
      vendorSpecific: { id: 2, type: "bytes" },
    },
    OltIndication: {
      operState: { id: 1, type: "string" },
    },
    OnuDiscIndication: {
      intfId: { id: 1, type: "fixed32" },
      serialNumber: { id: 2, type: "SerialNumber" },
    },
    OnuIndication: {
      intfId: { id: 1, type: "fixed32" },
      onuId: { id: 2, type: "fixed32" },
      operState: { id: 3, type: "string" },
      serialNumber: { id: 4, type: "SerialNumber" },
    },
    OmciMsg: {
      intfId: { id: 1, type: "fixed32" },
      onuId: { id: 2, type: "fixed32" },
      pkt: { id: 3, type: "bytes" },
    },
    Indication: {
      oltInd: { id: 1, type: "OltIndication", oneof: "data" },
      onuDiscInd: { id: 4, type: "OnuDiscIndication", oneof: "data" },
      onuInd: { id: 5, type: "OnuIndication", oneof: "data" },
      omciInd: { id: 6, type: "OmciMsg", oneof: "data" },
    },
    Onu: {
      intfId: { id: 1, type: "fixed32" },
      onuId: { id: 2, type: "fixed32" },
      serialNumber: { id: 3, type: "SerialNumber" },
    },
  },
  enums: {},
} as const satisfies ProtoFile;

/** Made from proto/ranging.proto by `npm run docs`; not written by hand. */
import type { ProtoFile } from "../base/protobuf/index.ts";

export const RANGING = {
  messages: {
    Ranging: {
      kind: { id: 1, type: "Ranging.Kind" },
      serial: { id: 2, type: "string" },
      onuId: { id: 3, type: "uint32" },
      ontNonce: { id: 4, type: "uint32" },
      oltNonce: { id: 5, type: "uint32" },
    },
  },
  enums: {
    "Ranging.Kind": {
      request: 0,
      assign: 1,
      alive: 2,
      unknown: 3,
      signalLost: 4,
    },
  },
} as const satisfies ProtoFile;

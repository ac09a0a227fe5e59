/** Made from proto/ranging.proto by `npm run docs`; not written by hand. */
import type { ProtoFile } from "../../base/protobuf/index.ts";

export const RANGING = {
  messages: {
    Ranging: {
      kind: { id: 1, type: "Ranging.Kind", rule: "optional" },
      serial: { id: 2, type: "string", rule: "optional" },
      onuId: { id: 3, type: "uint32", rule: "optional" },
      ontNonce: { id: 4, type: "uint32", rule: "optional" },
      oltNonce: { id: 5, type: "uint32", rule: "optional" },
      groupFlow: { id: 6, type: "uint32", rule: "optional" },
      groupCount: { id: 7, type: "uint64", rule: "optional" },
    },
  },
  enums: {
    "Ranging.Kind": {
      request: 0,
      assign: 1,
      alive: 2,
      unknown: 3,
      signalLost: 4,
      probe: 5,
    },
  },
} as const satisfies ProtoFile;

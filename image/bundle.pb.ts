/** Made from proto/bundle.proto by `npm run docs`; not written by hand. */
import type { ProtoFile } from "../base/protobuf/index.ts";

export const BUNDLE = {
  messages: {
    Manifest: {
      version: { id: 1, type: "string" },
      productCode: { id: 2, type: "string" },
      hardware: { id: 3, type: "string", rule: "repeated" },
      payloadBytes: { id: 4, type: "uint32" },
      buildTime: { id: 5, type: "uint64", rule: "optional" },
      minimumVersion: { id: 6, type: "string", rule: "optional" },
      securityVersion: { id: 7, type: "uint32", rule: "optional" },
      expires: { id: 8, type: "uint64", rule: "optional" },
    },
  },
  enums: {},
} as const satisfies ProtoFile;

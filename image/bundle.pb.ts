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
      delta: { id: 9, type: "Delta" },
      variants: { id: 10, type: "Variant", rule: "repeated" },
      migration: { id: 11, type: "string", rule: "optional" },
    },
    Delta: {
      algorithm: { id: 1, type: "string" },
      baseVersion: { id: 2, type: "string" },
      baseSha256: { id: 3, type: "bytes" },
      baseBytes: { id: 4, type: "uint32" },
      targetSha256: { id: 5, type: "bytes" },
      targetBytes: { id: 6, type: "uint32" },
      targetCrc32: { id: 7, type: "uint32" },
    },
    Variant: {
      hardware: { id: 1, type: "string", rule: "repeated" },
      architecture: { id: 2, type: "string" },
      flashLayout: { id: 3, type: "string" },
      payloadBytes: { id: 4, type: "uint32" },
      payloadSha256: { id: 5, type: "bytes" },
    },
  },
  enums: {},
} as const satisfies ProtoFile;

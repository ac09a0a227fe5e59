/** Protobuf messages from the tables that are made of proto/*.proto. */
export { messageCodec, type MessageCodec } from "./codec.ts";
export type { ProtoEnum, ProtoField, ProtoFile, ProtoMessage } from "./types.ts";

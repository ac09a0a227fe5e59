/** G.988 on the wire: bytes to messages and back. Knows nothing of networks, images, clocks. */
export * from "./cmac.ts";
export * from "./constants.ts";
export * from "./decode.ts";
export * from "./dissect.ts";
export * from "./encode.ts";
export * from "./layout.ts";
export * from "./me.ts";
export * from "./messages.ts";
export * from "./omcc-version.ts";
export * from "./section-run.ts";
export * from "./section.ts";
export * from "./tci.ts";
export * from "./trailer.ts";
export * from "./windows.ts";
export { messageTable } from "./message-table.ts";

/** Arithmetic on bytes that is worth WebAssembly: CRC-32, AES-CMAC, parity, trains of frames. Knows nothing of ours. */
export { ParityEncoder, repairWindow } from "./parity/parity.ts";
export { type AesKernel, CHAIN_BYTES_MAX, createAesKernel } from "./aes-kernel.ts";
export { frameKernel, type FrameKernel } from "./frame-kernel.ts";
export { AR, BASELINE_FRAME_BYTES } from "./train-code.ts";
export * from "./crc32.ts";

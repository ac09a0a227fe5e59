/** Arithmetic on bytes that is worth WebAssembly: CRC-32, AES-CMAC, parity, trains of frames. Knows nothing of ours. */
export { CODE_POINTS, ParityEncoder, repairWindow } from "./parity/parity.ts";
export { instantiate, type KernelExports } from "./instantiate.ts";
export { aesCmac, AesCmac } from "./cmac.ts";
export { DatagramMac, MAC_HEAD_BYTES, MAC_KEY_BYTES, MAC_TAG_BYTES, NH_PADDING_MAX } from "./datagram-mac.ts";
export { sipHash } from "./sip-hash.ts";
export { frameKernel, type FrameKernel, type TrainLayout } from "./frame-kernel.ts";
export * from "./crc32.ts";

/** OMCI frames in capture files and in the bytes of links: pcapng as Wireshark reads it, captures of any program. */
export {
  bareFrame,
  bareFrameBytes,
  beginsAsOmci,
  directionOf,
  hasSduLength,
  leastBytes,
  mostBytes,
  surelyBegins,
} from "./bare.ts";
export { AddressBook } from "./addresses.ts";
export { type CapturedFrame, OMCI_ETHERTYPE, type ReadFrame } from "./ethernet.ts";
export { relayedFrame } from "./datagram.ts";
export { CaptureFile, clearCaptureFile } from "./file.ts";
export { LinkReader } from "./link.ts";
export type { LinkFrame } from "./link-frame.ts";
export { PcapngWriter } from "./pcapng.ts";
export { type Capture, CAPTURE_MAGIC_BYTES, CaptureReader, looksLikeCapture, readCapture } from "./reader.ts";

/** OMCI frames in capture files: pcapng as Wireshark reads it. */
export { type CapturedFrame, directionOf, OMCI_ETHERTYPE, readEthernet } from "./ethernet.ts";
export { CaptureFile, clearCaptureFile } from "./file.ts";
export { PcapngWriter } from "./pcapng.ts";
export { type Capture, CAPTURE_MAGIC_BYTES, CaptureReader, looksLikeCapture, readCapture } from "./reader.ts";

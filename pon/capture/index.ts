/** OMCI frames in capture files: pcapng as Wireshark reads it. */
export { CaptureFile } from "./file.ts";
export { type CapturedFrame, OMCI_ETHERTYPE, PcapngWriter, readEthernet } from "./pcapng.ts";
export { type Capture, looksLikeCapture, readCapture } from "./reader.ts";

/** What lines show beside bytes: colours of a terminal, where packets begin and records end, rows that are left out. */
import type { Line } from "./lines.ts";

const ESCAPE_LETTER = "\u001B";
// Colours of a terminal.
export const TERMINAL_SIGNS = new RegExp(String.raw`${ESCAPE_LETTER}\[[\d;?]*[A-Za-z]`, "g");
/** Where a dissector begins with the next packet: what it shows twice is one frame. */
export const PACKET_BEGINS = /^\s*(?:Frame \d+: |<packet\b)/;
export const RECORD_ENDS = /<\/(?:entry|message|packet|record|frame|omci[\w-]*|tr)>/i;
/** What od and hexdump write for rows that are the same as the one before. */
export const STAR = /^\s*\*\s*$/;
/** Of `Frame`. */
const FRAME_LETTER = 0x46;

/** Whether `Frame` may be the first word. */
export function mayBeginPacket({ bytes, from, to }: Line): boolean {
  let at = from;
  while (at < to && (bytes[at] <= 0x20 || bytes[at] === 0xa0)) at++;
  return bytes[at] === FRAME_LETTER;
}

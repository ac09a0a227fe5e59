/** How long frames and their parts are, in bytes (G.988 11.2, A.2, A.3): all of the project reads it here. */
import { fieldsOf, LAYOUTS, layoutOf, type MessageName } from "./layout.ts";
import type { MessageSet } from "./messages.ts";

/** TCI, message type, device identifier, class, instance (11.2.1). */
export const HEADER_BYTES = 8;
/** With the length of the contents (A.2). */
export const EXTENDED_HEADER_BYTES = HEADER_BYTES + 2;
/** CRC-32 or MIC. */
export const TRAILER_BYTES = 4;

/** Contents of every baseline message, zero filled (A.3). */
export const BASELINE_CONTENTS_BYTES = 32;
/** A baseline message up to the end of its contents; what is behind them in a frame belongs to AAL5. */
export const BASELINE_MESSAGE_BYTES = HEADER_BYTES + BASELINE_CONTENTS_BYTES;
/** CPCS-UU, CPI and CPCS-SDU length, in front of the CRC-32 (I.363.5). */
const CPCS_BYTES = 4;
/** Value of the CPCS-SDU length of a baseline frame. */
export const SDU_LENGTH = BASELINE_MESSAGE_BYTES;
/** A baseline frame without its trailer. */
export const BASELINE_PDU_BYTES = BASELINE_MESSAGE_BYTES + CPCS_BYTES;
export const BASELINE_FRAME_BYTES = BASELINE_PDU_BYTES + TRAILER_BYTES;

/** Contents of an extended message, at most (A.2). */
export const EXTENDED_CONTENTS_BYTES_MAX = 1966;
/** The largest message without its trailer: an extended one. */
export const PDU_BYTES_MAX = EXTENDED_HEADER_BYTES + EXTENDED_CONTENTS_BYTES_MAX;
/** The largest frame. */
export const FRAME_BYTES_MAX = PDU_BYTES_MAX + TRAILER_BYTES;
/** What a buffer for one frame holds: a frame that is a little too long gets as far as where it is refused. */
export const FRAME_ROOM_BYTES = FRAME_BYTES_MAX + 4;

/** Bytes of a message's contents beside the field that takes the rest; lists count with none in them. */
function fixedBytes(name: MessageName): number {
  return fieldsOf(layoutOf(name), true).reduce((sum, field) => {
    if (field.kind === "uint") return sum + field.bytes;
    return field.kind === "rest" ? sum : sum + 1;
  }, 0);
}

/** What is in front of the data of a section: its number (9.1.4). */
const SECTION_NUMBER_BYTES = fixedBytes("downloadSectionRequest");
/** Data of every baseline section: the last one is zero filled (9.1.4). */
export const BASELINE_SECTION_BYTES = LAYOUTS.downloadSectionRequest.fields[1].baselineBytes;
/** Data of an extended section, at most (9.1.4). */
export const EXTENDED_SECTION_BYTES_MAX = EXTENDED_CONTENTS_BYTES_MAX - SECTION_NUMBER_BYTES;
/** Where a section's data begin. */
export const BASELINE_SECTION_AT = HEADER_BYTES + SECTION_NUMBER_BYTES;
export const EXTENDED_SECTION_AT = EXTENDED_HEADER_BYTES + SECTION_NUMBER_BYTES;

/** Data bytes of a full section: exactly 31 in baseline, at most 1965 in extended. */
export const sectionDataBytes = (messageSet: MessageSet): number =>
  messageSet === "baseline" ? BASELINE_SECTION_BYTES : EXTENDED_SECTION_BYTES_MAX;

/** A Download section with so many data bytes, without its trailer. */
export const sectionPduBytes = (messageSet: MessageSet, dataBytes: number): number =>
  messageSet === "baseline" ? BASELINE_PDU_BYTES : EXTENDED_SECTION_AT + dataBytes;

/** Sections of a window, at most: their numbers have one byte (9.1.4). */
export const WINDOW_SECTIONS_MAX = 256;

/** Where the values of a baseline Get answer begin, and how many bytes there are for them (A.3). */
export const GET_VALUES_AT = HEADER_BYTES + 3;
export const BASELINE_GET_VALUES_BYTES = LAYOUTS.getResponse.fields[2].baselineBytes;
export const EXTENDED_GET_VALUES_BYTES = EXTENDED_CONTENTS_BYTES_MAX - fixedBytes("getResponse");
/** Where the values of a baseline AVC begin: behind its mask (A.3). */
export const AVC_VALUES_AT = HEADER_BYTES + 2;

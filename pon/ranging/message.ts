/**
 * Ranging, the stand-in for PLOAM, as bytes. An ONT asks for an ONU-ID, the OLT assigns one, the ONT says that it has it
 * (alive): only then is it there. Each asks with a number that it has not used before (nonce) and takes no answer to
 * another: what somebody has recorded and sends again says nothing, and who cannot hear at the address that he asks from
 * gets no further. While it is up an ONT says so once a second; a loss of signal is said at once, as an OLT sees it at once.
 */
import { messageCodec, type ProtoEnum, type ProtoMessage } from "../../base/protobuf/index.ts";
import { RANGING } from "./ranging.pb.ts";

/** First bytes of a ranging datagram; no GEM header and no OMCI frame begins like this. */
const MARK = Uint8Array.from(Buffer.from("PONR", "latin1"));

export type RangingKind = ProtoEnum<typeof RANGING, "Ranging.Kind">;
/** `ontNonce` and `oltNonce` are the ONT's and the OLT's numbers of this ranging. */
export type RangingMessage = Required<ProtoMessage<typeof RANGING, "Ranging">>;

const MESSAGE = messageCodec(RANGING, "Ranging");
/** What absent fields read as. */
const ABSENT: RangingMessage = {
  kind: "request",
  serial: "",
  onuId: 0,
  ontNonce: 0,
  oltNonce: 0,
  groupFlow: 0,
  groupCount: 0,
};
/** G.988 9.1.1: vendor id, four letters, and eight digits. What else calls itself a serial number goes no further. */
const SERIAL = /^[\x21-\x7e]{4}[0-9A-Fa-f]{8}$/;
export const isSerial = (text: string): boolean => SERIAL.test(text);

/** @param headBytes left free in front of the message */
export function encodeRanging(message: RangingMessage, headBytes = 0): Uint8Array {
  return Uint8Array.from([...new Uint8Array(headBytes), ...MARK, ...MESSAGE.encode(message)]);
}

export const isRanging = (bytes: Uint8Array): boolean =>
  bytes.length >= MARK.length && MARK.every((byte, at) => byte === bytes[at]);

/** @returns undefined for anything that is no ranging message, one of a kind that is not known, or of no serial number. */
export function decodeRanging(bytes: Uint8Array): RangingMessage | undefined {
  if (!isRanging(bytes)) return undefined;
  try {
    const message = { ...ABSENT, ...MESSAGE.decode(bytes.subarray(MARK.length)) };
    const isKnown = (message.kind as RangingKind | undefined) !== undefined;
    return isKnown && isSerial(message.serial) ? message : undefined;
  } catch {
    return undefined;
  }
}

/** What a message says where it says nothing else. */
export const rangingMessage = (said: Partial<RangingMessage>): RangingMessage => ({ ...ABSENT, ...said });

export type RangingSend = (message: RangingMessage) => void;

/** An ONT that is up says so this often. */
export const ALIVE_NS = 1e9;

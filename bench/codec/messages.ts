/**
 * What it costs to encode and decode each kind of message of a download through the message tables, which is how all
 * but sections travel.
 */
import {
  decodeMessage,
  encodeMessage,
  type Message,
  type MessageBody,
  type MessageSet,
  SOFTWARE_IMAGE,
} from "../../omci/index.ts";
import type { Bench } from "../harness.ts";
import { limitsOf, noise } from "./limits.ts";

/** One message of each type as a download has it; the values of the Get answer are version, committed, active, valid. */
const bodies: readonly MessageBody[] = [
  { type: "getRequest", attributeMask: 0xf000 },
  {
    type: "getResponse",
    result: 0,
    attributeMask: 0xf000,
    values: new Uint8Array(17),
    optionalAttributeMask: 0,
    attributeExecutionMask: 0,
  },
  { type: "mibResetRequest" },
  { type: "mibResetResponse", result: 0 },
  { type: "avc", attributeMask: 0x7000, values: new Uint8Array(3) },
  { type: "rebootRequest", flags: 0 },
  { type: "rebootResponse", result: 0 },
  { type: "startDownloadRequest", windowSections: 240, imageBytes: 16_777_216, instances: [1] },
  { type: "startDownloadResponse", result: 0, windowSections: 240, instanceResults: [] },
  { type: "downloadSectionRequest", ackRequested: true, sectionNumber: 239, data: noise(31) },
  { type: "downloadSectionResponse", result: 1, sectionNumber: 239, missingSections: 3, lostSections: 3 },
  { type: "endDownloadRequest", crc32: 0x1234_5678, imageBytes: 16_777_216, instances: [1] },
  { type: "endDownloadResponse", result: 0, instanceResults: [] },
  { type: "activateImageRequest", flags: 0 },
  { type: "activateImageResponse", result: 0 },
  { type: "commitImageRequest" },
  { type: "commitImageResponse", result: 0 },
];

/** A message through the table codec, without trailer. */
export interface MessageCase {
  name: string;
  messageSet: MessageSet;
  pduBytes: number;
  encode: Bench;
  decode: Bench;
  copy: Bench;
  sha256: Bench;
}

function messageCase(body: MessageBody, messageSet: MessageSet): MessageCase {
  const message: Message = { tci: 5, messageSet, classId: SOFTWARE_IMAGE, instanceId: 1, ...body };
  const out = new Uint8Array(2000);
  const pdu = out.slice(0, encodeMessage(message, out));
  const name = `${body.type}, ${messageSet}`;
  const encode = (operations: number): number => {
    let written = 0;
    for (let done = 0; done < operations; done++) written = encodeMessage(message, out);
    return written;
  };
  const decode = (operations: number): number => {
    let read = 0;
    for (let done = 0; done < operations; done++) if (decodeMessage(pdu).ok) read++;
    if (read !== operations) throw new Error(`${name} does not decode`);
    return read;
  };
  return {
    name: body.type,
    messageSet,
    pduBytes: pdu.length,
    encode: { name: `${name}: encode`, bytes: pdu.length, run: encode },
    decode: { name: `${name}: decode`, bytes: pdu.length, run: decode },
    ...limitsOf(name, pdu, pdu.length),
  };
}

export const messageCases = (): MessageCase[] =>
  (["baseline", "extended"] as const).flatMap((set) => bodies.map((body) => messageCase(body, set)));

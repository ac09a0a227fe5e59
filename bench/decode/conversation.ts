/** A conversation of one OLT and one ONT, as long as one likes: its MIB is read, then it gets an image, again and again. */
import { crc32 } from "../../base/kernel/index.ts";
import {
  crc32Trailer,
  DEVICE_BASELINE,
  DEVICE_EXTENDED,
  encodeMessage,
  type Message,
  type MessageBody,
  sectionDataBytes,
  SOFTWARE_IMAGE,
  tciAfter,
} from "../../omci/index.ts";
import { noise } from "../codec/limits.ts";

export interface Spoken {
  direction: "down" | "up";
  /** Baseline, sealed with a CRC-32: 48 bytes. */
  frame: Uint8Array;
  /** Integer nanoseconds since the start. */
  ns: number;
}

const NS_BETWEEN = 2_000_123;
/** Without device identifiers: no row of it begins as a frame does. */
const IMAGE = noise(256 * 1024).map((byte) => (byte === DEVICE_BASELINE || byte === DEVICE_EXTENDED ? 0 : byte));
const WINDOW_SECTIONS = 32;
const MIB_ENTITIES = 300;
const GETS = 50;
const TCI_FIRST = 1;
/** PPTP Ethernet UNI: its operational state, as an answer to a MIB upload next. */
const ETHERNET_UNI = 11;
const MIB_ROW = Uint8Array.of(0, ETHERNET_UNI, 1, 1, 0x04, 0, 1, ...new Uint8Array(25));
const ANI_G = 263;
const ANI_MASK = 0x0040;

type Sent = [direction: "down" | "up", header: Pick<Message, "tci" | "classId" | "instanceId">, body: MessageBody];

/** @yields every message of one round: a MIB upload, some Gets, a download */
function* round(): Generator<Sent> {
  let tci = TCI_FIRST;
  const asked = function* (classId: number, instanceId: number, request: MessageBody, answer: MessageBody) {
    const header = { tci, classId, instanceId };
    tci = tciAfter(tci, 1);
    yield ["down", header, request] satisfies Sent;
    yield ["up", header, answer] satisfies Sent;
  };
  yield* asked(2, 0, { type: "mibUploadRequest" }, { type: "mibUploadResponse", subsequentCommands: MIB_ENTITIES });
  for (let commandNumber = 0; commandNumber < MIB_ENTITIES; commandNumber++)
    yield* asked(
      2,
      0,
      { type: "mibUploadNextRequest", commandNumber },
      { type: "mibUploadNextResponse", managedEntities: MIB_ROW },
    );
  const values = Uint8Array.of(0xdc, 0x10, ...new Uint8Array(23));
  for (let get = 0; get < GETS; get++)
    yield* asked(
      ANI_G,
      0x8001,
      { type: "getRequest", attributeMask: ANI_MASK },
      {
        type: "getResponse",
        result: 0,
        attributeMask: ANI_MASK,
        values,
        optionalAttributeMask: 0,
        attributeExecutionMask: 0,
      },
    );
  yield* download(tci);
}

function* download(tci: number): Generator<Sent> {
  const sectionBytes = sectionDataBytes("baseline");
  const sections = Math.ceil(IMAGE.length / sectionBytes);
  const at = (of: number): Sent[1] => ({ tci: of, classId: SOFTWARE_IMAGE, instanceId: 1 });
  const imageBytes = IMAGE.length;
  const start = at(tci);
  const asked = { windowSections: WINDOW_SECTIONS, imageBytes, instances: [] };
  yield ["down", start, { type: "startDownloadRequest", ...asked }];
  yield [
    "up",
    start,
    { type: "startDownloadResponse", result: 0, windowSections: WINDOW_SECTIONS, instanceResults: [] },
  ];
  let base = tciAfter(tci, 1);
  for (let first = 0; first < sections; first += WINDOW_SECTIONS) {
    const last = Math.min(WINDOW_SECTIONS, sections - first) - 1;
    for (let sectionNumber = 0; sectionNumber <= last; sectionNumber++) {
      const data = new Uint8Array(sectionBytes);
      data.set(IMAGE.subarray((first + sectionNumber) * sectionBytes, (first + sectionNumber + 1) * sectionBytes));
      const ackRequested = sectionNumber === last;
      yield [
        "down",
        at(tciAfter(base, sectionNumber)),
        { type: "downloadSectionRequest", ackRequested, sectionNumber, data },
      ];
    }
    const answer = { result: 0, sectionNumber: last, missingSections: 0, lostSections: 0 };
    yield ["up", at(tciAfter(base, last)), { type: "downloadSectionResponse", ...answer }];
    base = tciAfter(base, last + 1);
  }
  const end = at(base);
  yield ["down", end, { type: "endDownloadRequest", crc32: crc32(IMAGE), imageBytes, instances: [] }];
  yield ["up", end, { type: "endDownloadResponse", result: 0, instanceResults: [] }];
}

/** @yields the conversation, up to so many frames */
export function* conversation(frames: number): Generator<Spoken> {
  const buffer = new Uint8Array(2000);
  const sealed = [...round()].map(([direction, header, body]) => {
    const pdu = encodeMessage({ messageSet: "baseline", ...header, ...body } as Message, buffer);
    crc32Trailer.seal(buffer, 0, pdu);
    return { direction, frame: buffer.slice(0, pdu + 4) };
  });
  for (let index = 0; index < frames; index++) yield { ...sealed[index % sealed.length], ns: index * NS_BETWEEN };
}

/** The worked example of docs/extension.md: an OLT core and two ONT cores, every frame written down as it passes. */
import {
  type AttributeValue,
  crc32Trailer,
  decodeMessage,
  type Message,
  RECOVERY,
  resultName,
  unpackAttributes,
} from "../omci/index.ts";
import { BROADCAST_PORT, encodeGemHeader, GEM_HEADER_BYTES, omccPort } from "../pon/index.ts";
import { BROADCAST } from "../pon/types.ts";
import type { Recovery } from "../olt/index.ts";
import { parseScenario } from "../scenarios/schema/load.ts";
import { BenchPon } from "../test/support/bench-pon.ts";
import { addOnt, oltConfig, sourceOf } from "../test/support/fleet.ts";

/** Four sections, the last one short: it counts as filled up with zeros where parity is made. */
const IMAGE = Uint8Array.from({ length: 30 }, (_, index) => 0x41 + index);
const SECTION_BYTES = 8;
const WINDOW_SECTIONS = 4;
/** ONU-ID of the ONT that loses a section once, and which. */
const UNLUCKY = 1;
const LOST_SECTION = 2;

interface Passed {
  /** ONU-ID, or BROADCAST. */
  onuId: number;
  isDownstream: boolean;
  pdu: Uint8Array;
  message: Message;
}

/** The frames of a download of the image with one section lost, from the first Start to the last End. */
function framesOf(recovery: Recovery): Passed[] {
  const frames: Passed[] = [];
  let isLost = false;
  const see = (onuId: number, isDownstream: boolean, pdu: Uint8Array): void => {
    const last = frames.at(-1);
    // The bench asks about a broadcast frame once for each ONT.
    if (last?.pdu === pdu) {
      last.onuId = BROADCAST;
      return;
    }
    const decoded = decodeMessage(pdu);
    if (!decoded.ok || decoded.message.type === "other") throw new Error("the cores sent what nobody can read");
    frames.push({ onuId, isDownstream, pdu, message: decoded.message });
  };
  const config = oltConfig({
    recovery,
    sectionBytes: SECTION_BYTES,
    windowSections: WINDOW_SECTIONS,
    expectedOnts: 2,
    knownOnts: 2,
    catchUp: { when: "never", waitNs: 0, onts: 2 },
    activate: false,
  });
  const pon = new BenchPon(config, sourceOf(IMAGE), {
    latencyNs: 1_000_000,
    loses: (direction, onuId, pdu) => {
      see(onuId, direction === "down", pdu);
      const { message } = frames.at(-1)!;
      if (isLost || onuId !== UNLUCKY || message.type !== "downloadSectionRequest") return false;
      isLost = message.sectionNumber === LOST_SECTION;
      return isLost;
    },
  });
  addOnt(pon, 0, {});
  addOnt(pon, 1, {});
  pon.run();
  const from = frames.findIndex(({ message }) => message.type === "startDownloadRequest");
  return frames.slice(from);
}

/** A frame as it passes the fibre: GEM header, OMCI message, trailer. */
function onTheFibre({ onuId, pdu }: Passed): string {
  const portId = onuId === BROADCAST ? BROADCAST_PORT : omccPort(onuId);
  const sealed = new Uint8Array(pdu.length + crc32Trailer.bytes);
  sealed.set(pdu);
  crc32Trailer.seal(sealed, 0, pdu.length);
  const gem = new Uint8Array(GEM_HEADER_BYTES);
  encodeGemHeader(gem, 0, portId, sealed.length);
  const parts = [gem, pdu.subarray(0, 8), pdu.subarray(8), sealed.subarray(pdu.length)];
  return parts.map((part) => Buffer.from(part).toString("hex")).join(" ");
}

function whatItSays({ message }: Passed): string {
  switch (message.type) {
    case "startDownloadRequest":
      return `Start, window of ${message.windowSections}, image of ${message.imageBytes} bytes`;
    case "startDownloadResponse":
      return `window of ${message.windowSections} granted`;
    case "downloadSectionRequest": {
      const ar = message.ackRequested ? ", AR" : "";
      return `${message.classId === RECOVERY ? "parity section" : "section"} ${message.sectionNumber}${ar}`;
    }
    case "downloadSectionResponse": {
      const { result, missingSections, lostSections } = message;
      return `${resultName(result)}: ${missingSections} missing, ${lostSections} lost`;
    }
    case "getRequest":
      return `Get of class ${message.classId}, mask 0x${message.attributeMask.toString(16)}`;
    case "getResponse": {
      const values = unpackAttributes(message.classId, message.attributeMask, message.values);
      return Object.entries(values)
        .map(([name, value]) => `${name} ${shown(value)}`)
        .join(", ");
    }
    case "endDownloadRequest":
      return `End, CRC-32 ${message.crc32.toString(16)}`;
    case "endDownloadResponse":
      return `End: ${resultName(message.result)}`;
    default:
      return message.type;
  }
}

const shown = (value: AttributeValue): string | number =>
  value instanceof Uint8Array
    ? Buffer.from(value)
        .toString("hex")
        .replace(/(00)+$/, "…")
    : value;

/** One line of words and one of bytes for each frame. */
const transcript = (frames: readonly Passed[]): string =>
  frames
    .flatMap((frame) => {
      const who = frame.onuId === BROADCAST ? "all ONTs" : `ONT ${frame.onuId}`;
      return [`${frame.isDownstream ? "to" : "from"} ${who}: ${whatItSays(frame)}`, `  ${onTheFibre(frame)}`];
    })
    .join("\n");

/** What follows the first negative answer, up to the End. */
function repairOf(frames: readonly Passed[]): readonly Passed[] {
  const refused = frames.findIndex(({ message }) => message.type === "downloadSectionResponse" && message.result !== 0);
  return frames.slice(
    refused,
    frames.findIndex(({ message }) => message.type === "endDownloadRequest"),
  );
}

/** The OLT's timers and limits with what a scenario has when it names none. */
function limitsTable(): string {
  const { olt } = parseScenario("", "defaults");
  const rows = Object.entries(LIMIT_MEANINGS).map(([name, meaning]) => {
    // A dot leads into a group of fields.
    const value = name.split(".").reduce<unknown>((fields, part) => (fields as Record<string, unknown>)[part], olt);
    if (typeof value !== "string" && typeof value !== "number")
      throw new RangeError(`scenarios have no field olt.${name}`);
    return `| \`${name}\` | ${value} | ${meaning} |`;
  });
  return ["| scenario field of `olt` | default | |", "|---|---:|---|", ...rows].join("\n");
}

const LIMIT_MEANINGS = {
  windowSections: "window proposed, sections",
  sectionBytes: "data of a section in extended, bytes",
  proactive: "parity sections that go along unasked; auto: from what was lost before",
  patience: "repairs of one window, and silences, that each member has at least",
  concurrency: "ONTs served alone at a time",
  answerTimeoutMs: "longest deadline of an answer; 15,000 over OpenOLT",
  answerTimeoutMinMs: "shortest, however fast answers are; 3000 over OpenOLT, as VOLTHA waits",
  sendsMax: "sends of a request before an ONT counts as silent",
  busyPollMs: "pause between requests that are answered 6",
  busyWaitMs: "how long that goes on",
  rangingPatienceMs: "from the first ranging until the download begins without those that are missing",
  "catchUp.when": "who waits shares the next pass when none runs any more; never: each is served alone",
  "catchUp.waitSeconds": "how long the first to wait waits for those that are away",
  "catchUp.onts": "so many that wait begin at once",
  returnWaitMs:
    "how long a silent ONT may take to come back, and how long from the first ranging (and the last `joinAtSeconds`) a run does not end without ONTs of the port that never came",
  restartsMax: "downloads of one ONT that may begin again",
} as const;

/** Blocks of the page by name: what stands between `<!-- made: name -->` and `<!-- end -->`. */
const blocks: Readonly<Record<string, () => string>> = {
  limits: limitsTable,
  parity: () => fenced(transcript(withoutNews(framesOf("parity")))),
  selective: () => fenced(transcript(repairOf(framesOf("selective")))),
};

const fenced = (text: string): string => `\`\`\`text\n${text}\n\`\`\``;

/** Attribute value changes are plain G.988 and say nothing about the download. */
const withoutNews = (frames: readonly Passed[]): readonly Passed[] =>
  frames.filter(({ message }) => message.type !== "avc");

/** docs/extension.md with its blocks as the code makes them. */
export const fillPage = (page: string): string =>
  page.replaceAll(/(<!-- made: (\w+) -->\n)[^]*?(<!-- end -->)/g, (_all, begin: string, name: string, end: string) => {
    const block = blocks[name];
    if (block === undefined) throw new RangeError(`docs/extension.md: no block ${name}`);
    return `${begin}\n${block()}\n\n${end}`;
  });

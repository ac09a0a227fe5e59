/** A fibre on the bench: a burst writer, the receiver of its datagrams, and ONTs that note what they hear. */
import { crc32Trailer, encodeSection, type SectionSpan, type Trailer } from "../../omci/index.ts";
import {
  BurstWriter,
  createDropFibre,
  type DownstreamListener,
  DownstreamReceiver,
  type Encapsulation,
  type FibreSpec,
  newTraffic,
} from "../../pon/index.ts";

export const OWN_PORT = 3;

export const spanOf = (over: Partial<SectionSpan> = {}): SectionSpan => {
  const count = over.count ?? 16;
  const extended = over.messageSet === "extended";
  const sectionBytes = over.sectionBytes ?? (extended ? 1965 : 31);
  const data = Uint8Array.from({ length: count * sectionBytes }, (_, at) => at * 7 + (at >> 8));
  const base: SectionSpan = {
    messageSet: "baseline",
    classId: 7,
    instanceId: 0xffff,
    firstTci: 100,
    firstSection: 0,
    count,
    ackRequested: true,
    data,
    dataOffset: 0,
    dataStride: sectionBytes,
    sectionBytes,
    lastSectionBytes: sectionBytes,
    parityOf: null,
    lasting: false,
  };
  return { ...base, ...over };
};

/** Sections of runs as frames without trailer, in hex. */
export const framesOf = (span: SectionSpan): string[] =>
  Array.from({ length: span.count }, (_, index) => {
    const out = new Uint8Array(2048);
    return Buffer.from(out.subarray(0, encodeSection(span, index, out, 0))).toString("hex");
  });

export interface Heard extends DownstreamListener {
  /** `s` or `f`, channel, frame. */
  frames: string[];
  runs: number;
  drops: string[];
}

export function listener(spec: FibreSpec = {}, serial = "A", trailer: Trailer = crc32Trailer): Heard {
  const heard: Heard = {
    portId: OWN_PORT,
    trailer,
    links: createDropFibre(1, serial, { drop: spec }),
    frames: [],
    runs: 0,
    drops: [],
    onSections: (channel, span) => {
      heard.runs++;
      heard.frames.push(...framesOf(span).map((frame) => `${channel} ${frame}`));
    },
    onFrame: (channel, pdu) => heard.frames.push(`${channel} ${Buffer.from(pdu).toString("hex")}`),
    onDropped: (cause) => heard.drops.push(cause),
  };
  return heard;
}

interface Setup {
  encapsulation?: Encapsulation;
  burstBytes?: number;
  trailer?: Trailer;
}

export function pon({ encapsulation = "gem", burstBytes = 60_000, trailer = crc32Trailer }: Setup = {}) {
  const datagrams: Uint8Array[] = [];
  const clock = { nowNs: 0 };
  const receiver = new DownstreamReceiver(encapsulation, trailer, () => clock.nowNs);
  const writer = new BurstWriter({
    encapsulation,
    burstBytes,
    traffic: newTraffic(),
    send: (buffer, lengthBytes) => {
      datagrams.push(buffer.slice(0, lengthBytes));
      // What was sent may be overwritten at once.
      buffer.fill(0xee);
      writer.reuse(buffer);
    },
  });
  const deliver = (): void => {
    writer.flush();
    for (const datagram of datagrams.splice(0)) receiver.datagram(datagram);
  };
  return { datagrams, clock, receiver, writer, deliver, trailer };
}

export const getRequest = Uint8Array.from({ length: 44 }, (_, at) => [0x80, 1, 0x49, 0x0a, 0, 7][at] ?? 0);

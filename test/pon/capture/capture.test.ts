/** Captures come back as written; those of others, cut off or damaged, are read as far as they go. */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import {
  type Capture,
  type CapturedFrame,
  type ReadFrame,
  CaptureFile,
  CaptureReader,
  clearCaptureFile,
  looksLikeCapture,
  PcapngWriter,
  readCapture,
} from "../../../pon/capture/index.ts";
import { pcapFile, pcapngFile } from "./files.ts";
import { removeFolder } from "../../support/folder.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-capture-"));
afterAll(() => removeFolder(root));

function written(frames: readonly CapturedFrame[]): Buffer {
  const blocks: Uint8Array[] = [];
  const writer = new PcapngWriter((block) => blocks.push(block));
  for (const frame of frames) writer.frame(frame);
  return Buffer.concat(blocks);
}

/** Read in pieces of the lengths given, over and over. */
function readInPieces(bytes: Uint8Array, pieces: readonly number[]): Capture {
  const frames: ReadFrame[] = [];
  const reader = new CaptureReader((frame) => frames.push(frame));
  for (let at = 0, piece = 0; at < bytes.length; piece++) {
    const end = at + pieces[piece % pieces.length];
    reader.add(bytes.slice(at, end));
    at = end;
  }
  reader.end();
  return { frames, otherPackets: reader.otherPackets, fault: reader.fault };
}

const plain = ({ frame, ...rest }: ReadFrame): unknown => ({ ...rest, frame: Buffer.from(frame).toString("hex") });

const anyFrame: fc.Arbitrary<CapturedFrame> = fc.record(
  {
    timeNs: fc.maxSafeNat(),
    direction: fc.constantFrom("down" as const, "up" as const),
    onuId: fc.integer({ min: -1, max: 253 }),
    pon: fc.integer({ min: 1, max: 255 }),
    // A frame of 46 bytes can be told from a shorter one that a network filled up only by its length field.
    frame: fc.uint8Array({ minLength: 1, maxLength: 100 }).filter(({ length }) => length !== 46),
    comment: fc.string({ minLength: 1, unit: "grapheme" }),
  },
  { requiredKeys: ["timeNs", "direction", "onuId", "frame"] },
);

describe("what is written", () => {
  it("is read again, whatever pieces it comes in", () => {
    fc.assert(
      fc.property(
        fc.array(anyFrame, { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }),
        (frames, pieces) => {
          const { frames: read, otherPackets, fault } = readInPieces(written(frames), pieces);
          expect(read.map(plain)).toEqual(frames.map(plain));
          expect({ otherPackets, fault }).toEqual({ otherPackets: 0, fault: "" });
        },
      ),
    );
  });

  it("keeps port, broadcast and direction in addresses that are locally administered", () => {
    const frame = new Uint8Array(48);
    const bytes = written([
      { timeNs: 1, direction: "down", onuId: -1, pon: 3, frame },
      { timeNs: 2, direction: "up", onuId: 77, frame },
    ]).toString("hex");
    expect(bytes).toContain("03504f0301ff" + "02504f030000" + "88b5");
    expect(bytes).toContain("02504f000000" + "02504f00014d" + "88b5");
  });
});

const FRAME = Uint8Array.from(Buffer.from("0001490a0007000080", "hex"));
const ETHERNET = Buffer.from("02504f00010902504f00000088b5", "hex");
const PACKET = Buffer.concat([ETHERNET, FRAME]);

describe("captures of others", () => {
  it.each([
    ["big-endian", false],
    ["little-endian", true],
  ])("pcap, %s, micro- and nanoseconds", (_, little) => {
    for (const perSecond of [1e6, 1e9]) {
      const file = pcapFile(little, perSecond, [{ seconds: 3, fraction: perSecond / 8, packet: PACKET }]);
      expect(looksLikeCapture(file)).toBe(true);
      const { frames, fault } = readCapture(file);
      expect(fault).toBe("");
      expect(frames.map(plain)).toEqual([
        { timeNs: 3.125e9, direction: "down", onuId: 9, frame: Buffer.from(FRAME).toString("hex") },
      ]);
    }
  });

  it.each([
    ["big-endian", false],
    ["little-endian", true],
  ])("pcapng, %s: ticks of any length, offsets, unknown blocks, several sections", (_, little) => {
    const section = pcapngFile(little, { resolution: 0x80 | 10, offsetSeconds: 5 }, [{ ticks: 1536, packet: PACKET }]);
    const another = pcapngFile(!little, { resolution: 6 }, [{ ticks: 7, packet: PACKET }]);
    const { frames, fault, otherPackets } = readCapture(Buffer.concat([section, another]));
    expect(frames.map(({ timeNs }) => timeNs)).toEqual([6.5e9, 7000]);
    expect({ fault, otherPackets }).toEqual({ fault: "", otherPackets: 0 });
  });

  it("other packets are counted; VLAN tags are passed over; padding of short frames is cut", () => {
    const arp = Buffer.concat([ETHERNET.subarray(0, 12), Buffer.from("0806", "hex"), FRAME]);
    const tagged = Buffer.concat([ETHERNET.subarray(0, 12), Buffer.from("8100000588b5", "hex"), FRAME]);
    const short = Buffer.alloc(60);
    Buffer.from("0001290b000700000003000102aabbccdd", "hex").copy(short, 14);
    ETHERNET.copy(short);
    const packets = [arp, tagged, short].map((packet) => ({ seconds: 0, fraction: 0, packet }));
    const { frames, otherPackets } = readCapture(pcapFile(true, 1e6, packets));
    expect(otherPackets).toBe(1);
    expect(frames.map(({ frame }) => Buffer.from(frame).toString("hex"))).toEqual([
      Buffer.from(FRAME).toString("hex"),
      "0001290b000700000003000102aabbccdd",
    ]);
  });

  it("foreign addresses say nothing: the direction is the frame's, the ONU is not known", () => {
    const foreign = (type: number): Buffer => {
      const packet = Buffer.concat([Buffer.from("00000000000100000000000288b5", "hex"), FRAME]);
      packet[16] = type;
      return packet;
    };
    const packets = [0x49, 0x29, 0x11].map((type) => ({ seconds: 0, fraction: 0, packet: foreign(type) }));
    const { frames } = readCapture(pcapFile(false, 1e6, packets));
    expect(frames.map(({ direction, onuId }) => [direction, onuId])).toEqual([
      ["down", undefined],
      ["up", undefined],
      ["up", undefined],
    ]);
  });
});

describe("what is not whole", () => {
  it.each([
    ["pcapng", written([1, 2, 3].map((timeNs) => ({ timeNs, direction: "down", onuId: 0, frame: FRAME }) as const))],
    [
      "pcap",
      pcapFile(
        true,
        1e6,
        [PACKET, PACKET, PACKET].map((packet) => ({ seconds: 0, fraction: 0, packet })),
      ),
    ],
  ])("%s, cut at every byte: the packets before it are read, and the cut is told", (_, bytes) => {
    const counts: number[] = [];
    for (let end = 0; end <= bytes.length; end++) {
      const { frames, fault } = readCapture(bytes.subarray(0, end));
      for (const { frame } of frames) expect(Buffer.from(frame)).toEqual(Buffer.from(FRAME));
      counts.push(frames.length);
      if (end === bytes.length) expect(fault).toBe("");
      else if (fault !== "") expect(fault).toMatch(/cut off in the middle of a packet|neither pcap nor pcapng/);
    }
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(new Set(counts)).toEqual(new Set([0, 1, 2, 3]));
  });

  it("a cut between two packets is no fault, one inside of a packet is", () => {
    const one = written([{ timeNs: 0, direction: "up", onuId: 0, frame: FRAME }]);
    const two = written([1, 2].map((timeNs) => ({ timeNs, direction: "up", onuId: 0, frame: FRAME }) as const));
    expect(readCapture(two.subarray(0, one.length)).fault).toBe("");
    expect(readCapture(two.subarray(0, one.length + 1)).fault).toBe(
      `cut off in the middle of a packet, at byte ${one.length}`,
    );
  });

  it("nonsense behind good packets ends the reading there, and takes no memory", () => {
    const good = written([{ timeNs: 0, direction: "up", onuId: 0, frame: FRAME }]);
    for (const length of [5, 8, 0xfffffff0]) {
      const block = Buffer.alloc(64, 0xee);
      block.writeUInt32LE(length, 4);
      const { frames, fault } = readCapture(Buffer.concat([good, block]));
      expect(frames).toHaveLength(1);
      expect(fault).toBe(`no packet can begin at byte ${good.length}`);
    }
  });

  it("any bytes behind a good start are read or refused, never thrown", () => {
    const magic = fc.constantFrom("0a0d0d0a", "d4c3b2a1", "a1b23c4d", "a1b2c3d4", "00000000");
    const header = fc.constantFrom("1c0000004d3c2b1a", "0000001c1a2b3c4d", "0000000000000000");
    fc.assert(
      fc.property(magic, header, fc.uint8Array({ maxLength: 400 }), (start, next, rest) => {
        const bytes = Buffer.concat([Buffer.from(start + next, "hex"), rest]);
        expect(readCapture(bytes).frames.length).toBeLessThan(30);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([[""], ["0a"], ["plain text"], ["0a0d0d0a"]])("%j is no whole capture", (text) => {
    expect(readCapture(Buffer.from(text)).fault).toBe("neither pcap nor pcapng");
  });
});

describe("a capture file", () => {
  const frame = { timeNs: 5, direction: "down", onuId: 1, frame: FRAME } as const;

  it("goes on behind what is there, until it is cleared", () => {
    const path = join(root, "appended.pcapng");
    for (const count of [1, 2]) {
      const file = new CaptureFile(path, (line) => expect.fail(line));
      file.frame(frame);
      file.close();
      expect(readCapture(readFileSync(path))).toMatchObject({ frames: { length: count }, fault: "" });
    }
    clearCaptureFile(path);
    expect(readFileSync(path)).toHaveLength(0);
  });

  it("shows what was flushed while it is open", () => {
    const path = join(root, "open.pcapng");
    const file = new CaptureFile(path, (line) => expect.fail(line));
    file.frame(frame);
    file.flush();
    file.frame(frame);
    expect(readCapture(readFileSync(path)).frames).toHaveLength(1);
    file.close();
    expect(readCapture(readFileSync(path)).frames).toHaveLength(2);
  });

  it("on a full device says so once, and lets the run go on", () => {
    const lines: string[] = [];
    const file = new CaptureFile("/dev/full", (line) => lines.push(line));
    for (let count = 0; count < 10_000; count++) file.frame(frame);
    file.close();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^the capture ends here: ENOSPC/);
  });
});

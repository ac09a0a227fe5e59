/** What is no frame, what is half of one, links of all kinds, clocks, and ONUs that cannot be told apart. */
import { describe, expect, it } from "vitest";
import { crc32 } from "node:zlib";
import { directionOf } from "../../pon/capture/index.ts";
import { exactNsOf, readInput, traceOf } from "../../decode/index.ts";
import { imagesOf, warningsOf } from "./frames.ts";
import { pcapFile } from "../pon/capture/files.ts";
import { ethernet, rowsOf, SAID, type Said, spaced } from "./written.ts";

const read = (text: string): ReturnType<typeof readInput> => readInput(Buffer.from(text));
const hexOf = ({ frames }: ReturnType<typeof readInput>): string[] =>
  frames.map(({ frame }) => Buffer.from(frame).toString("hex"));
const said = (text: (one: Said) => string): string => SAID.map(text).join("\n");

describe("no frame", () => {
  it.each([
    ["a UUID", "3f2504e0-4f89-41d3-9a0c-0305e82c3301"],
    ["a UUID that has 0a where a frame has it", "3f25440a-0007-41d3-9a0c-0305e82c3301"],
    ["SHA-1", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
    ["SHA-256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    [
      "SHA-512",
      "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
    ],
    ["PLOAM", '<raw value="ff01200000aaab598320000029"/>'],
    [
      "PLOAM of XGS-PON",
      "ploam: 00 01 02 41 4c 43 4c f1 23 45 67 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 11 22 33 44 55 66 77 88",
    ],
    ["a key", "OMCI_IK = 000102030405060708090a0b0c0d0e0f"],
    ["an attribute", "0x0539 OnuRemoteDebug Set(0x0000,Cmd=0x757074696d6500000000000000000000000000000000000000)"],
    ["MAC addresses", "08:87:88:00:00:00 > 01:00:5e:00:00:fb"],
    ["IPv6", "fe80:0000:0000:0000:0a87:88ff:fe00:0001"],
    ["dates", "2026-03-01 10:00:00 10 00 00 10 00 00 10 00 00 10 00 00"],
    ["a certificate", "MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJRTESMBAGA1UE"],
    ["words that are digits", "add bad bed cafe dead beef face fade feed decade facade"],
  ])("%s", (_, line) => {
    const { frames, notes } = read(`${line}\n`);
    expect(frames).toEqual([]);
    expect(notes).toEqual(["1 lines hold no frame"]);
    // Among frames it disturbs nothing.
    expect(hexOf(read(said(({ hex }) => `${line}\n${spaced(hex)}\n${line}`)))).toEqual(SAID.map(({ hex }) => hex));
  });

  it("a log of other things says how many lines it has", () => {
    expect(read("gpon: up\n\nO5 state\n").notes).toEqual(["2 lines hold no frame"]);
  });
});

describe("half a frame", () => {
  it("a missing last digit is one note, not a frame less", () => {
    const text = said(({ hex }, ...rest) => (rest.length >= 0 ? hex.slice(0, -1) : hex));
    const { frames, notes } = read(text);
    expect(frames).toHaveLength(SAID.length);
    expect(notes).toEqual([`${SAID.length} frames end in the middle of a byte: the last digit is missing`]);
    expect(warningsOf(traceOf(frames))).toEqual([]);
  });

  it("one that ends after some rows is shown, and the next one is whole", () => {
    const [first, second] = SAID;
    const text = [...rowsOf(first.hex).slice(0, 2), ...rowsOf(second.hex)].map(spaced).join("\n");
    const { frames } = read(text);
    expect(hexOf({ frames, notes: [] })).toEqual([first.hex.slice(0, 64), second.hex]);
    expect(warningsOf(traceOf(frames)).map(({ kind }) => kind)).toContain("notOmci");
  });
});

/** UDP over IPv4 over Ethernet. */
function udp(payload: string, from: [string, number], to: [string, number]): string {
  const bytes = payload.length / 2;
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");
  const ip = `4500${hex(bytes + 28, 4)}000040004011${"0000"}${from[0]}${to[0]}`;
  return `0200000000010200000000020800${ip}${hex(from[1], 4)}${hex(to[1], 4)}${hex(bytes + 8, 4)}0000${payload}`;
}
const withCheck = (packet: string): string => {
  const check = Buffer.alloc(4);
  check.writeUInt32LE(crc32(Buffer.from(packet, "hex")));
  return packet + check.toString("hex");
};
const padded = (packet: string, bytes = 60): string => packet.padEnd(2 * bytes, "0");
const OLT = "0a000001";
const ONT = "0a000002";
const relay = ({ hex }: Said): string =>
  `${Buffer.from("ct-1").toString("hex").padEnd(60, "0")}0007${hex.slice(0, 88)}`;
const inUdp = (one: Said, payload: string): string =>
  one.direction === "down" ? udp(payload, [OLT, 5000], [ONT, 6000]) : udp(payload, [ONT, 6000], [OLT, 5000]);
const mac = "08:87:88:00:00:00";

describe("links", () => {
  const LINKS: Record<string, [(one: Said) => string, number?, number?, (string | number | undefined)?]> = {
    Ethernet: [(one) => ethernet(one), 48, 1, mac],
    "Ethernet with its check sequence": [(one) => withCheck(ethernet(one)), 48, 1, mac],
    "44 bytes, filled up": [(one) => padded(ethernet({ ...one, hex: one.hex.slice(0, 88) })), 44, 1, mac],
    "40 bytes, filled up": [(one) => padded(ethernet({ ...one, hex: one.hex.slice(0, 80) })), 40, 1, mac],
    "44 bytes, filled up, with a check sequence": [
      (one) => withCheck(padded(ethernet({ ...one, hex: one.hex.slice(0, 88) }))),
      44,
      1,
      mac,
    ],
    "a VLAN tag": [(one) => ethernet(one).replace("88b5", "81000fff88b5"), 48, 1, mac],
    "two VLAN tags, filled up": [
      (one) => padded(ethernet({ ...one, hex: one.hex.slice(0, 80) }).replace("88b5", "88a80001810000ff88b5"), 64),
      40,
      1,
      mac,
    ],
    "another Ethernet type": [(one) => ethernet(one).replace("88b5", "88b6"), 48, 1, mac],
    "a vendor's header of nine bytes": [
      (one) => ethernet(one).replace("88b5", "a8c84f4e542d3030303035"),
      48,
      1,
      "ONT-00005",
    ],
    "Linux cooked": [({ hex }) => `00000001000608870170170100${"0088b5"}${hex}`, 48, 113],
    "Linux cooked 2": [({ hex }) => `88b500000000000200010006088788000000${"0000"}${hex}`, 48, 276],
    "bare OMCI of a user link type": [({ hex }) => hex, 48, 147],
    UDP: [(one) => inUdp(one, one.hex), 48, 1, "10.0.0.2:6000"],
    "UDP over raw IP": [(one) => inUdp(one, one.hex).slice(28), 48, 101, "10.0.0.2:6000"],
    "UDP over BSD loopback": [(one) => `02000000${inUdp(one, one.hex).slice(28)}`, 48, 0, "10.0.0.2:6000"],
    "OB-BAA's relay": [(one) => inUdp(one, relay(one)), 44, 1, 7],
    VXLAN: [(one) => udp(`0800000000000100${ethernet(one)}`, [OLT, 40_000], [ONT, 4789]), 48, 1, mac],
    "addresses that are the same both ways": [
      ({ hex }) => `20524543560020534e44000088b5${hex}`.replace("534e4400", "53454e44").slice(0, 24) + `88b5${hex}`,
      48,
      1,
    ],
  };

  it.each(Object.entries(LINKS))("%s", (_, [packet, bytes = 48, linkType = 1, onu]) => {
    const packets = SAID.map((one) => ({
      seconds: Math.floor(one.ns / 1e9),
      fraction: Math.floor((one.ns % 1e9) / 1000),
      packet: Buffer.from(packet(one), "hex"),
    }));
    const file = pcapFile(true, 1e6, packets);
    file.writeUInt32LE(linkType, 20);
    const { frames } = readInput(file);
    expect(hexOf({ frames, notes: [] })).toEqual(SAID.map(({ hex }) => hex.slice(0, 2 * bytes)));
    expect([...new Set(frames.map(({ onuId }) => onuId))]).toEqual([onu]);
    const records = traceOf(frames);
    expect(warningsOf(records)).toEqual([]);
    expect(imagesOf(records)).toMatchObject([{ isRight: true }]);
    // The same packets as a hexdump.
    if (linkType !== 1) return;
    const dumped = SAID.map((one) =>
      rowsOf(packet(one))
        .map((row, at) => `${(16 * at).toString(16).padStart(6, "0")} ${spaced(row)}`)
        .join("\n"),
    );
    expect(hexOf(read(dumped.join("\n")))).toEqual(SAID.map(({ hex }) => hex.slice(0, 2 * bytes)));
  });

  it("snoop", () => {
    const header = Buffer.from("736e6f6f700000000000000200000004", "hex");
    const records = SAID.map((one) => {
      const packet = Buffer.from(ethernet(one), "hex");
      const head = Buffer.alloc(24);
      head.writeUInt32BE(packet.length, 0);
      head.writeUInt32BE(packet.length, 4);
      head.writeUInt32BE(24 + packet.length + 2, 8);
      head.writeUInt32BE(1_700_000_000, 16);
      head.writeUInt32BE(Math.floor(one.ns / 1000), 20);
      return Buffer.concat([head, packet, Buffer.alloc(2)]);
    });
    const { frames } = readInput(Buffer.concat([header, ...records]));
    expect(hexOf({ frames, notes: [] })).toEqual(SAID.map(({ hex }) => hex));
    expect(exactNsOf(frames[0])).toBe(1_700_000_000_002_000_000n);
  });

  it("says what is in a capture that holds no OMCI, and where packets were cut", () => {
    const packet = (hex: string): { seconds: number; fraction: number; packet: Buffer } => ({
      seconds: 0,
      fraction: 0,
      packet: Buffer.from(hex, "hex"),
    });
    const arp = `${"ff".repeat(6)}0200000000010806${"00".repeat(46)}`;
    const tcp = udp("00".repeat(20), [OLT, 1], [ONT, 2]).replace("4011", "4006");
    expect(readInput(pcapFile(true, 1e6, [arp, arp, tcp].map(packet))).notes).toEqual([
      "3 packets hold no OMCI frame: 2 of Ethernet type 0x0806, 1 of IP protocol 6 (TCP)",
    ]);
    const radio = pcapFile(true, 1e6, [packet("00".repeat(60))]);
    radio.writeUInt32LE(105, 20);
    expect(readInput(radio).notes).toEqual(["1 packets hold no OMCI frame: 1 of link type 105 (IEEE 802.11)"]);
    const cut = pcapFile(true, 1e6, [packet(ethernet(SAID[0]))]);
    cut.writeUInt32LE(2000, 24 + 12);
    expect(readInput(cut).notes).toEqual(["1 packets were cut off when they were captured (snapshot length)"]);
  });
});

describe("clocks", () => {
  it("go over midnight", () => {
    const text = SAID.map(
      ({ hex }, index) => `${index < 12 ? "23:59:59" : "00:00:00"}.${String(index).padStart(3, "0")} ${hex}`,
    ).join("\n");
    const { frames } = read(text);
    expect(Number(exactNsOf(frames[12])! - exactNsOf(frames[11])!)).toBe(1e9 + 1e6);
    expect(warningsOf(traceOf(frames))).toEqual([]);
  });

  it("nanoseconds are exact, of dates too", () => {
    const { frames } = read(`2026-03-01T10:00:00.123456789Z ${SAID[0].hex}\n`);
    expect(exactNsOf(frames[0])! % 1_000_000_000n).toBe(123_456_789n);
  });

  it("that are set in the middle make no answer late", () => {
    for (const jump of [3600e9, -3600e9]) {
      const frames = SAID.map(({ hex, ns, direction }, index) => ({
        frame: Buffer.from(hex, "hex"),
        direction,
        onuId: 1,
        timeNs: 7200e9 + ns + (index >= 9 ? jump : 0),
      }));
      expect(warningsOf(traceOf(frames))).toEqual([]);
    }
  });
});

describe("several ONUs", () => {
  const twice = (text: (one: Said, onu: number) => string): string =>
    SAID.map((one) => [text(one, 1), text(one, 2)].join("\n")).join("\n");

  it.each([
    ["by a number", (onu: number) => `"onu-id":${onu}`, 2],
    ["by one number on two ports", (onu: number) => `PON[${onu}] ONU[5]`, 1],
    [
      "by one number and two devices",
      (onu: number) => `"onu-id":1,"device-id":"0000000${onu}-4f89-41d3-9a0c-0305e82c3301"`,
      2,
    ],
    ["by device ids", (onu: number) => `"device-id":"0000000${onu}-4f89-41d3-9a0c-0305e82c3301"`, 2],
    ["by serial numbers", (onu: number) => `serial-number="ALCL0000000${onu}"`, 2],
    ["by ways", (onu: number) => `ont 1/1/${onu}/2/105`, 1],
    ["by addresses", (onu: number) => `to 08:87:88:00:00:0${onu}`, 2],
    ["by addresses as switches write them", (onu: number) => `mac 94e9.8c00.000${onu}`, 2],
    ["by serial numbers in two fields", (onu: number) => `vendor_id:"BBSM" vendor_specific:"0000000${onu}"`, 2],
  ])("%s", (_, name, names) => {
    const { frames } = read(twice(({ hex }, onu) => `${name(onu)} ${hex}`));
    expect(new Set(frames.map(({ onuId }) => onuId)).size).toBe(names);
    const records = traceOf(frames);
    expect(warningsOf(records)).toEqual([]);
    expect(imagesOf(records)).toMatchObject([{ isRight: true }, { isRight: true }]);
  });

  it("that nothing tells apart: it is said, and there is no verdict", () => {
    const { frames } = read(twice(({ hex }) => hex));
    const records = traceOf(frames);
    const kinds = warningsOf(records).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "mixedOnus")).toHaveLength(1);
    expect(kinds).not.toContain("wrongCrc");
    expect(kinds).not.toContain("strayAnswer");
    for (const { isRight } of imagesOf(records)) expect(isRight).not.toBe(false);
  });
});

describe("one direction, or no AR", () => {
  it("a capture of downstream alone has one warning for all", () => {
    const down = SAID.filter(({ direction }) => direction === "down");
    const frames = down.map(({ hex, ns }) => ({
      frame: Buffer.from(hex, "hex"),
      direction: "down" as const,
      timeNs: ns,
    }));
    const records = traceOf(frames);
    expect(warningsOf(records).map(({ kind }) => kind)).toEqual(["unanswered"]);
    expect(imagesOf(records)).toMatchObject([{ isRight: true }]);
  });

  it("requests without AR are linked with their answers, and told once", () => {
    const frames = SAID.map(({ hex, ns }) => {
      const frame = Buffer.from(hex.slice(0, 80), "hex");
      const direction = directionOf(frame);
      if (direction === "down") frame[2] &= ~0x40;
      return { frame, direction, onuId: 1, timeNs: ns };
    });
    const kinds = warningsOf(traceOf(frames)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "deviation")).toHaveLength(1);
    expect(kinds).not.toContain("strayAnswer");
  });
});

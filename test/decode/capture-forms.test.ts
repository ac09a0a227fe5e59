/** One conversation in captures as they come from other programs, links and networks. */
import { gzipSync } from "node:zlib";
import { describe, it } from "vitest";
import { bits, expectReadBack, type Form, US } from "./forms.ts";
import { ethernet, SAID, type Said } from "./written.ts";

const u16 = (value: number): string => value.toString(16).padStart(4, "0");
const u32 = (value: number): string => value.toString(16).padStart(8, "0");
const swapped = (hex: string): string => hex.match(/../g)!.reverse().join("");

interface Packing {
  link?: number;
  /** Of the file. */
  magic?: "a1b2c3d4" | "a1b23c4d";
  isLittle?: boolean;
  packet: (said: Said, index: number) => string;
}

/** A pcap file. */
function pcap({ link = 1, magic = "a1b2c3d4", isLittle = true, packet }: Packing): Buffer {
  const order = (hex: string): string => (isLittle ? swapped(hex) : hex);
  const header = order(magic) + order("0002") + order("0004") + u32(0) + u32(0) + order(u32(65_535)) + order(u32(link));
  const records = SAID.map((said, index) => {
    const bytes = packet(said, index);
    const fraction = magic === "a1b23c4d" ? said.ns % 1e9 : Math.floor((said.ns % 1e9) / US);
    const seconds = 1_772_359_200 + Math.floor(said.ns / 1e9);
    return [seconds, fraction, bytes.length / 2, bytes.length / 2].map((one) => order(u32(one))).join("") + bytes;
  });
  return Buffer.from(header + records.join(""), "hex");
}

/** snoop (RFC 1761). */
function snoop(packet: (said: Said) => string, pad: number): Buffer {
  const records = SAID.map((said) => {
    const bytes = packet(said);
    const filled = bytes + "00".repeat(pad);
    const [seconds, microseconds] = [1_772_359_200 + Math.floor(said.ns / 1e9), Math.floor((said.ns % 1e9) / US)];
    const length = bytes.length / 2;
    return [length, length, 24 + filled.length / 2, 0, seconds, microseconds].map(u32).join("") + filled;
  });
  return Buffer.from(`${Buffer.from("snoop\0\0\0").toString("hex")}${u32(2)}${u32(4)}${records.join("")}`, "hex");
}

const ONU = "08:87:88:00:00:00";
const mac = { onu: ONU };
const with44 = (said: Said): string => ethernet({ ...said, hex: said.hex.slice(0, 88) });
const with40 = (said: Said): string => ethernet({ ...said, hex: said.hex.slice(0, 80) });
const tagged = (packet: string, tags: string): string => packet.slice(0, 24) + tags + packet.slice(24);

/** The check sequence of Ethernet: CRC-32 from the least significant bit, the lowest octet first. */
function fcs(packet: string): string {
  let crc = 0xffff_ffff;
  for (const byte of Buffer.from(packet, "hex")) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0);
  }
  return swapped(u32((crc ^ 0xffff_ffff) >>> 0));
}

function udp({ direction }: Said, payload: string, port = 12_345): string {
  const length = payload.length / 2;
  const [source, destination] = bits(direction, "0a000001 0a000002", "0a000002 0a000001").split(" ");
  const ip = `4500${u16(28 + length)}0001000040110000${source}${destination}`;
  return `${ip}${u16(port)}${u16(port)}${u16(8 + length)}0000${payload}`;
}
const host = { onu: "10.0.0.2:12345" };
const relayed = (said: Said): string => `${Buffer.from("CT_1".padEnd(30, "\0")).toString("hex")}0005${said.hex}`;
const overEthernet = (ip: string): string => `021234560001021234560002${ip.startsWith("6") ? "86dd" : "0800"}${ip}`;
const cooked = (said: Said): string => `${bits(said.direction, "0004", "0000")}00010006088701701701000088b5${said.hex}`;
const cooked2 = (said: Said): string =>
  `88b5000000000002000${"1"}${bits(said.direction, "04", "00")}060887017017010000${said.hex}`;

const file = (packing: Packing): Form => ({ write: () => "", encode: () => pcap(packing), toNs: US });

const FORMS: Record<string, Form> = {
  "pcap, big-endian": { ...file({ isLittle: false, packet: (said) => ethernet(said) }), ...mac },
  "pcap, nanoseconds": { ...file({ magic: "a1b23c4d", packet: (said) => ethernet(said) }), ...mac, toNs: 1 },
  "pcap, packed with gzip, in two members": {
    ...mac,
    write: () => "",
    toNs: US,
    encode: () => {
      const whole = pcap({ packet: (said) => ethernet(said) });
      return Buffer.concat([gzipSync(whole.subarray(0, 777)), gzipSync(whole.subarray(777))]);
    },
  },
  "44 bytes, filled up to 60": { ...file({ packet: (said) => with44(said).padEnd(120, "0") }), ...mac, bytes: 44 },
  "40 bytes, filled up to 60": { ...file({ packet: (said) => with40(said).padEnd(120, "0") }), ...mac, bytes: 40 },
  "44 bytes, filled up, with a check sequence": {
    ...file({ packet: (said) => with44(said).padEnd(120, "0") + fcs(with44(said).padEnd(120, "0")) }),
    ...mac,
    bytes: 44,
  },
  "a check sequence": { ...file({ packet: (said) => ethernet(said) + fcs(ethernet(said)) }), ...mac },
  "a VLAN tag": { ...file({ packet: (said) => tagged(ethernet(said), "8100a064") }), ...mac },
  "two VLAN tags": { ...file({ packet: (said) => tagged(ethernet(said), "88a800058100a064") }), ...mac },
  "a VLAN tag, 44 bytes, filled up to 64": {
    ...file({ packet: (said) => tagged(with44(said), "8100a064").padEnd(128, "0") }),
    ...mac,
    bytes: 44,
  },
  "Linux cooked": file({ link: 113, packet: cooked }),
  "Linux cooked 2": file({ link: 276, packet: cooked2 }),
  "Linux cooked, IP": {
    ...file({ link: 113, packet: (said) => `000000010006aabbccddeeff00000800${udp(said, said.hex)}` }),
    ...host,
  },
  "bare OMCI, a link type of the user's": file({ link: 147, packet: ({ hex }) => hex }),
  "bare OMCI of 44 bytes, another link type": {
    ...file({ link: 162, packet: ({ hex }) => hex.slice(0, 88) }),
    bytes: 44,
  },
  "raw IP": { ...file({ link: 101, packet: (said) => udp(said, said.hex) }), ...host },
  "UDP, one frame a datagram": { ...file({ packet: (said) => overEthernet(udp(said, said.hex)) }), ...host },
  "UDP, a short frame filled up to 60": {
    ...file({ packet: (said) => overEthernet(udp(said, said.hex.slice(0, 80))).padEnd(120, "0") }),
    ...host,
    bytes: 40,
  },
  "OB-BAA's relay": {
    ...file({ packet: (said) => overEthernet(udp(said, relayed(said))) }),
    onu: 5,
    pon: "CT_1",
  },
  "OB-BAA's relay in VLAN and IPv6": {
    ...file({
      packet: (said) => {
        const payload = relayed(said);
        const ip = `60000000${u16(8 + payload.length / 2)}1140${"20010db8".padEnd(30, "0")}01${"20010db8".padEnd(30, "0")}02`;
        return tagged(overEthernet(`${ip}30393039${u16(8 + payload.length / 2)}0000${payload}`), "81000064");
      },
    }),
    onu: 5,
    pon: "CT_1",
  },
  VXLAN: {
    ...file({ packet: (said) => overEthernet(udp(said, `0800000000002a00${ethernet(said)}`, 4789)) }),
    ...mac,
  },
  "BSD loopback": { ...file({ link: 0, packet: (said) => `02000000${udp(said, said.hex)}` }), ...host },
  snoop: { ...mac, write: () => "", encode: () => snoop((said) => ethernet(said), 2), toNs: US },
  "snoop with a VLAN tag": {
    ...mac,
    write: () => "",
    encode: () => snoop((said) => tagged(ethernet(said), "8100a064"), 0),
    toNs: US,
  },
  "an Ethernet type of a vendor's, with its name in front": {
    ...file({
      packet: (said) => `${ethernet(said).slice(0, 24)}8999${Buffer.from("ont7\0\0").toString("hex")}${said.hex}`,
    }),
    onu: "ont7",
  },
};

describe("captures", () => {
  it.each(Object.entries(FORMS))("%s", (_, form) => expectReadBack(form));
});

/** One conversation as consoles, debuggers and dumping tools of many makers print it, beside the forms of the other tests. */
import { describe, it } from "vitest";
import { at40, at44, bits, date, MS, US, expectReadBack, type Form } from "./forms.ts";
import {
  bytesOf,
  clock,
  dump,
  ethernet,
  hex0x,
  hexdumpC,
  lettersOf,
  rowsOf,
  SAID,
  seconds,
  spaced,
  swappedWords,
  upper,
} from "./written.ts";

const offset = (row: number, digits: number, base = 16): string => (16 * row).toString(base).padStart(digits, "0");
/** Bytes of 32-bit words in the other order. */
const swapped32 = (hex: string): string[] => hex.match(/.{8}/g)!.map((word) => bytesOf(word).reverse().join(""));
const SERIAL = { onu: "ALCLFA123456" };

const CONSOLES: Record<string, Form> = {
  "Realtek: the number of the row in front": {
    write: ({ hex, ns }) =>
      [`[OMCI:RX] ${date(ns, " ")}`, ...rowsOf(hex).map((row, at) => ` [${at}] ${upper(row)}`)].join("\n"),
    toNs: US,
  },
  "Realtek: transId, then rows of 8": {
    write: (said) => [`tx transId=0x${said.hex.slice(0, 4)} len=40`, ...rowsOf(at40(said), 8).map(spaced)].join("\n"),
    bytes: 40,
  },
  "Huawei: F/S/P and ONT-ID, rows of 8 in capitals": {
    write: ({ hex, ns, direction }) =>
      [
        `[${date(ns, " ", 3)}] F/S/P 0/1/2 ONT-ID 7 ${bits(direction, "Send", "Receive")} OMCI message:`,
        ...rowsOf(hex, 8).map(upper),
        "",
      ].join("\n"),
    toNs: MS,
    onu: 7,
    pon: "0/1/2",
  },
  "Huawei: words of four on a line": {
    write: ({ hex, ns }) => `${date(ns, " ", 3)} ontid=3 omci msg: ${hex.match(/..../g)!.join(" ").toUpperCase()}`,
    toNs: MS,
    onu: 3,
  },
  "Nokia: 32-bit words with 0x": {
    write: (said) =>
      `[${clock(said.ns)}] ont 1/1/2/3/9 ${bits(said.direction, "tx", "rx")}: ${at40(said)
        .match(/.{8}/g)!
        .map((word) => `0x${word}`)
        .join(" ")}`,
    bytes: 40,
    toNs: US,
    onu: 9,
    pon: "1/1/2/3",
  },
  "Cortina: offsets with 0x, bytes with 0x": {
    write: ({ hex }) =>
      [
        "[OMCI] msg:",
        ...rowsOf(hex, 8).map((row, at) => `0x${(8 * at).toString(16).padStart(2, "0")}: ${hex0x(row, " ")}`),
      ].join("\n"),
  },
  "Broadcom: groups of four by two blanks": {
    write: ({ hex, ns, direction }) =>
      [
        `omcid:debug:${seconds(ns, 155, 3)}:omci_dump:123: ${bits(direction, "<== RX", "==> TX")}`,
        ...rowsOf(hex).map(
          (row, at) =>
            `  ${offset(at, 4)}: ${row
              .match(/.{1,8}/g)!
              .map((word) => upper(word))
              .join("  ")}`,
        ),
      ].join("\n"),
    toNs: MS,
  },
  "Broadcom: pon_ni, onu_id and colons": {
    write: ({ hex, ns }) =>
      `[${Math.floor(ns / US) + 1_000_000}: D onu_mgmt ] pon_ni=1 onu_id=17 len=48 ${bytesOf(hex).join(":")}`,
    onu: 17,
    pon: 1,
  },
  "ZTE: gpon_onu with a dash": { write: ({ hex }) => `OMCI gpon_onu-1/2/3:11 ${upper(hex)}`, onu: 11, pon: "1/2/3" },
  "FiberHome: slot, pon, onu": {
    write: ({ hex, ns }) => `${date(ns, " ")} slot 2 pon 4 onu 6 omci: ${upper(hex)}`,
    toNs: US,
    onu: 6,
    pon: 4,
  },
  "PON 0 ONU 7": { write: ({ hex }) => `PON 0 ONU 7 | ${spaced(hex)}`, onu: 7, pon: 0 },
  "GPON0/3 ONT 12": { write: ({ hex }) => `gpon0/3 ont 12 ${spaced(hex)}`, onu: 12, pon: "0/3" },
  "serial number with a dash": { write: ({ hex }) => `SN: ALCL-FA123456, omci ${hex}`, onu: "ALCL-FA123456" },
  onuSn: { write: ({ hex }) => `{"onuSn":"ALCLFA123456","pkt":"${hex}"}`, ...SERIAL },
  onu_serial_number: { write: ({ hex }) => `onu_serial_number: ALCLFA123456 ${hex}`, ...SERIAL },
  "sn(…)": { write: ({ hex }) => `omci rx sn(ALCLFA123456) ${hex}`, ...SERIAL },
};

const TOOLS: Record<string, Form> = {
  "xxd -p": { write: ({ hex }) => hex.match(/.{1,60}/g)!.join("\n") },
  "xxd -i": {
    write: ({ hex }, index) =>
      `unsigned char f${index}[] = {\n${rowsOf(hex, 12)
        .map((row) => `  ${hex0x(row)}`)
        .join(",\n")}\n};\nunsigned int f${index}_len = 48;`,
  },
  "xxd -u -c 8": { write: ({ hex }) => dump(hex.toUpperCase(), { rowBytes: 8 }) },
  "xxd -e": {
    write: ({ hex }) =>
      rowsOf(hex)
        .map((row, at) => `${offset(at, 8)}: ${swapped32(row).join(" ")}  ${lettersOf(row)}`)
        .join("\n"),
  },
  "print_hex_dump of 32-bit words, little-endian": {
    write: ({ hex, ns }) =>
      rowsOf(hex)
        .map((row, at) => `[   ${seconds(ns, 12)}] omci: ${offset(at, 8)}: ${swapped32(row).join(" ")}`)
        .join("\n"),
    toNs: US,
  },
  "print_hex_dump with addresses": {
    write: ({ hex, ns }) =>
      rowsOf(hex)
        .map(
          (row, at) =>
            `<7>[   ${seconds(ns, 12)}] omci tx ffffffc0${offset(at + 0x1234, 8)}: ${spaced(row)}  ${lettersOf(row)}`,
        )
        .join("\n"),
    toNs: US,
  },
  "U-Boot md.b at an address": {
    write: ({ hex }) =>
      rowsOf(hex)
        .map((row, at) => `${(0x82000000 + 16 * at).toString(16)}: ${spaced(row)}    ${lettersOf(row)}`)
        .join("\n"),
  },
  "gdb x/48xb": {
    write: ({ hex }) =>
      rowsOf(hex, 8)
        .map((row, at) => `0x7fffffffe${(0x0a0 + 8 * at).toString(16).padStart(3, "0")}:\t${hex0x(row, "\t")}`)
        .join("\n"),
  },
  "hexdump -C of all frames in one": {
    write: (_, index) => (index > 0 ? "" : hexdumpC(SAID.map(({ hex }) => hex).join(""))),
  },
  "hexdump -C of frames without trailers in one": {
    write: (_, index) => (index > 0 ? "" : hexdumpC(SAID.map(at44).join(""))),
    bytes: 44,
  },
  "xxd -p of all frames in one": {
    write: (_, index) =>
      index > 0
        ? ""
        : SAID.map(({ hex }) => hex)
            .join("")
            .match(/.{1,60}/g)!
            .join("\n"),
  },
  "hexdump -v -e": {
    write: ({ hex }) =>
      rowsOf(hex)
        .map((row) => `${spaced(row)} `)
        .join("\n"),
  },
  "od -An -tx1": {
    write: ({ hex }) =>
      rowsOf(hex)
        .map((row) => ` ${spaced(row)}`)
        .join("\n"),
  },
  "od -An -v -tx1 -w48": { write: ({ hex }) => ` ${spaced(hex)}` },
  "od -tx2 --endian=big": {
    write: ({ hex }) =>
      [...rowsOf(hex).map((row, at) => `${offset(at, 7, 8)} ${row.match(/..../g)!.join(" ")}`), "0000060"].join("\n"),
  },
  "od -tx4": {
    write: ({ hex }) =>
      [...rowsOf(hex).map((row, at) => `${offset(at, 7, 8)} ${swapped32(row).join(" ")}`), "0000060"].join("\n"),
  },
  "hexdump -x": {
    write: ({ hex }) =>
      [...rowsOf(hex).map((row, at) => `${offset(at, 7)}    ${swappedWords(row).join("    ")}`), "0000030"].join("\n"),
  },
  "tcpdump -XX": {
    write: (said) =>
      `${clock(said.ns)} 08:87:01:70:17:01 (oui Unknown) > 08:87:88:00:00:00 (oui Unknown), ethertype Unknown (0x88b5), length 62: \n${dump(ethernet(said), { front: "\t0x", digits: 4, behind: ":  " })}`,
    toNs: US,
    onu: "08:87:88:00:00:00",
  },
  "tcpdump -xx with a VLAN tag": {
    write: (said) =>
      `${clock(said.ns)} ethertype 802.1Q (0x8100), length 66: vlan 100, p 5\n${dump(ethernet(said).replace("88b5", "8100a06488b5"), { front: "\t0x", digits: 4, behind: ":  ", letters: false })}`,
    toNs: US,
    onu: "08:87:88:00:00:00",
  },
  "tcpdump -xx -i any": {
    write: (said) =>
      `${clock(said.ns)} eth0  ${bits(said.direction, "Out", "In ")} ethertype Unknown (0x88b5), length 64:\n${dump(`${bits(said.direction, "0004", "0000")}0001000608870170170100${"00"}88b5${said.hex}`, { front: "\t0x", digits: 4, behind: ":  ", letters: false })}`,
    toNs: US,
  },
  "tcpdump -x of UDP": {
    write: (said) =>
      `${clock(said.ns)} IP 10.0.0.1.12345 > 10.0.0.2.12345: UDP, length 48\n${dump(`4500004c0001000040110000${bits(said.direction, "0a0000010a000002", "0a0000020a000001")}303930390038${"0000"}${said.hex}`, { front: "\t0x", digits: 4, behind: ":  ", letters: false })}`,
    toNs: US,
    onu: "10.0.0.2:12345",
  },
  "scapy hexdump": {
    write: ({ hex }) =>
      rowsOf(hex)
        .map((row, at) => `${offset(at, 4)}  ${upper(row).padEnd(48)} ${lettersOf(row)}`)
        .join("\n"),
  },
  "Wireshark: copied as hex dump": {
    write: (said) =>
      `${rowsOf(ethernet(said))
        .map((row, at) => `${offset(at, 4)}   ${spaced(row).padEnd(48)}  ${lettersOf(row)}`)
        .join("\n")}\n`,
    onu: "08:87:88:00:00:00",
  },
  "Wireshark: copied as escaped string": {
    write: ({ hex }) =>
      rowsOf(hex)
        .map(
          (row) =>
            `"${bytesOf(row)
              .map((byte) => `\\x${byte}`)
              .join("")}"`,
        )
        .join(" \\\n"),
  },
  "Wireshark: K12 text": {
    write: (said) =>
      `+---------+---------------+----------+\n${clock(said.ns, { digits: 3 }).replace(".", ",")},${String(Math.floor(said.ns / US) % 1000).padStart(3, "0")}   ETHER\n|0   |${bytesOf(ethernet(said)).join("|")}|\n`,
    toNs: US,
    onu: "08:87:88:00:00:00",
  },
  "Netty's pretty dump": {
    write: ({ hex, ns }) =>
      [
        `${date(ns, " ", 3)} DEBUG [epoll-1] READ: 48B`,
        "         +-------------------------------------------------+",
        "         |  0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f |",
        "+--------+-------------------------------------------------+----------------+",
        ...rowsOf(hex).map((row, at) => `|${offset(at, 8)}| ${spaced(row)} |${lettersOf(row)}|`),
        "+--------+-------------------------------------------------+----------------+",
      ].join("\n"),
    toNs: MS,
  },
  "PowerShell Format-Hex": {
    write: ({ hex }) =>
      [
        "           00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F",
        "",
        ...rowsOf(hex).map((row, at) => `${offset(at, 8)}   ${upper(row)}  ${lettersOf(row)}`),
        "",
      ].join("\n"),
  },
  "a hex editor with a ruler": {
    write: ({ hex }) =>
      [
        "Offset(h) 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F",
        "",
        ...rowsOf(hex).map((row, at) => `${offset(at, 8)}  ${upper(row)}  ${lettersOf(row)}`),
      ].join("\n"),
  },
  "socat -x": {
    write: ({ hex, ns, direction }) =>
      [
        `${bits(direction, "<", ">")} ${date(ns, " ").replaceAll("-", "/")}  length=48 from=0 to=47`,
        ` ${spaced(hex)}`,
        "--",
      ].join("\n"),
    toNs: US,
  },
};

const readBack = (forms: Record<string, Form>): void =>
  it.each(Object.entries(forms))("%s", (_, form) => expectReadBack(form));

describe("consoles", () => readBack(CONSOLES));
describe("tools", () => readBack(TOOLS));

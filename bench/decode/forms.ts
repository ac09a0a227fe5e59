/** The conversation in the forms in which programs leave it most often. */
import type { Spoken } from "./conversation.ts";

/** How a frame is written, and what stands in front of the first one. */
export interface DecodeForm {
  name: string;
  begin: string | Uint8Array;
  write: (spoken: Spoken) => string | Uint8Array;
}

const START_MS = Date.UTC(2026, 2, 1, 10);
const OLT = "088701701701";
const ONU = "088788000000";
const ETHERTYPE = "88b5";
const PCAP_LINK_ETHERNET = 1;
const NS_PER_SECOND = 1e9;
const NS_PER_US = 1000;
const UP = "up";

const hexOf = ({ frame }: Spoken): string => Buffer.from(frame).toString("hex");
const spaced = (hex: string): string => hex.replaceAll(/..(?!$)/g, "$& ");
const rowsOf = (hex: string): string[] => hex.match(/.{1,32}/g)!;
const offset = (row: number, digits: number): string => (16 * row).toString(16).padStart(digits, "0");
const micros = (ns: number): string => String(Math.floor((ns % NS_PER_SECOND) / NS_PER_US)).padStart(6, "0");
const date = (ns: number): string =>
  `${new Date(START_MS + Math.floor(ns / NS_PER_SECOND) * 1000).toISOString().slice(0, 19)}.${micros(ns)}`;
const clock = (ns: number): string => date(ns).slice(11);
const ways = ({ direction }: Spoken, down: string, up: string): string => (direction === UP ? up : down);
const ethernet = (spoken: Spoken): string => `${ways(spoken, ONU + OLT, OLT + ONU)}${ETHERTYPE}${hexOf(spoken)}`;
const lettersOf = (hex: string): string =>
  Buffer.from(hex, "hex")
    .toString("latin1")
    .replaceAll(/[^ -~]/g, ".");

function xxd(hex: string, front = "", digits = 8, behind = ": "): string {
  return rowsOf(hex)
    .map(
      (row, index) =>
        `${front}${offset(index, digits)}${behind}${row.replaceAll(/....(?!$)/g, "$& ").padEnd(39)}  ${lettersOf(row)}\n`,
    )
    .join("");
}

function hexdumpC(hex: string): string {
  const rows = rowsOf(hex).map((row, index) => {
    const halves = `${spaced(row.slice(0, 16))}  ${spaced(row.slice(16))}`.padEnd(48);
    return `${offset(index, 8)}  ${halves}  |${lettersOf(row)}|\n`;
  });
  return `${rows.join("")}${(hex.length / 2).toString(16).padStart(8, "0")}\n`;
}

function pcapRecord(spoken: Spoken): Uint8Array {
  const packet = Buffer.from(ethernet(spoken), "hex");
  const header = Buffer.alloc(16);
  header.writeUInt32LE(START_MS / 1000 + Math.floor(spoken.ns / NS_PER_SECOND), 0);
  header.writeUInt32LE(Math.floor((spoken.ns % NS_PER_SECOND) / NS_PER_US), 4);
  header.writeUInt32LE(packet.length, 8);
  header.writeUInt32LE(packet.length, 12);
  return Buffer.concat([header, packet]);
}

function pcapHeader(): Uint8Array {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(0xffff, 16);
  header.writeUInt32LE(PCAP_LINK_ETHERNET, 20);
  return header;
}

const text = (name: string, write: (spoken: Spoken) => string): DecodeForm => ({ name, begin: "", write });

export const FORMS: readonly DecodeForm[] = [
  text(
    "one line: seconds, digits",
    (spoken) =>
      `${String(Math.floor(spoken.ns / NS_PER_SECOND)).padStart(10, "0")}.${String(spoken.ns % NS_PER_SECOND).padStart(10, "0")}:omci capture:${hexOf(spoken)}\n`,
  ),
  text(
    "one line: syslog, bytes apart",
    (spoken) =>
      `${date(spoken.ns)}+00:00 olt-01 openolt[1234]: DEBUG PON[0] ONU[5] OMCI ${ways(spoken, "TX", "RX")}: ${spaced(hexOf(spoken))}\n`,
  ),
  text(
    "one line: JSON",
    (spoken) =>
      `{"level":"debug","ts":"${date(spoken.ns)}Z","logger":"omcicc","caller":"omci_cc.go:312","msg":"omci-message-${ways(spoken, "tx", "rx")}","device-id":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","intf-id":0,"onu-id":1,"${ways(spoken, "Tx", "Rx")}OmciMessage":"${hexOf(spoken).slice(0, 80)}"}\n`,
  ),
  text("rows: omcid, 16 bytes", (spoken) => {
    const rows = rowsOf(hexOf(spoken).slice(0, 80)).map((row) => ` ${spaced(row)}\n`);
    return `[omcid] ${clock(spoken.ns).slice(0, 8)} MSG_DUMP PRN: OMCI #1 ${ways(spoken, "RX", "TX")}\n${rows.join("")}`;
  }),
  text("dump: xxd", (spoken) => xxd(hexOf(spoken))),
  text("dump: od -Ax -tx1", (spoken) => {
    const hex = hexOf(spoken);
    const rows = rowsOf(hex).map((row, index) => `${offset(index, 6)} ${spaced(row)}\n`);
    return `${rows.join("")}${(hex.length / 2).toString(16).padStart(6, "0")}\n`;
  }),
  text("dump: hexdump -C", (spoken) => hexdumpC(hexOf(spoken))),
  text(
    "dump: tcpdump -XX",
    (spoken) =>
      `${clock(spoken.ns)} ${ways(spoken, "08:87:01:70:17:01 > 08:87:88:00:00:00", "08:87:88:00:00:00 > 08:87:01:70:17:01")}, ethertype Unknown (0x88b5), length 62: \n${xxd(ethernet(spoken), "\t0x", 4, ":  ")}`,
  ),
  { name: "capture: pcap", begin: pcapHeader(), write: pcapRecord },
];

/** One conversation with bytes that sources and consoles dress in one way or another, in fields of a table, and in relays. */
import { describe, it } from "vitest";
import { at40, at44, bits, date, expectReadBack, type Form, MS, US } from "./forms.ts";
import { bytesOf, clock, hex0x, lettersOf, rowsOf, type Said, seconds, spaced, upper } from "./written.ts";

const words = (hex: string, digits: number): string[] => hex.match(new RegExp(`.{1,${digits}}`, "g"))!;
const each = (hex: string, dress: (byte: string) => string, gap = ""): string => bytesOf(hex).map(dress).join(gap);

const DRESSED: Record<string, (hex: string) => string> = {
  "0x8101_490a": (hex) => `0x${words(hex, 4).join("_")}`,
  "0x8101490A_": (hex) => `0x${words(hex.toUpperCase(), 8).join("_")}`,
  "8101_490a": (hex) => words(hex, 4).join("_"),
  "81_01": (hex) => bytesOf(hex).join("_"),
  "384'h": (hex) => `384'h${words(hex, 8).join("_")}`,
  "0x81_u8": (hex) => `[${each(hex, (byte) => `0x${byte}_u8`, ", ")}]`,
  "0x81u8": (hex) => `[${each(hex, (byte) => `0x${byte}u8`, ", ")}]`,
  "(byte)0x81": (hex) => `{ ${each(hex, (byte) => `(byte)0x${byte}`, ", ")} }`,
  "(byte) 0x81": (hex) => `{ ${each(hex, (byte) => `(byte) 0x${byte}`, ", ")} }`,
  $81: (hex) => each(hex, (byte) => `$${byte}`, ", "),
  "81h": (hex) => each(hex, (byte) => `${byte}h`, " "),
  "&H81": (hex) => each(hex, (byte) => `&H${byte}`, " "),
  "<81>": (hex) => each(hex, (byte) => `<${byte}>`),
  "[81]": (hex) => each(hex, (byte) => `[${byte}]`),
  "[81] [01]": (hex) => each(hex, (byte) => `[${byte}]`, " "),
  "{0x81}": (hex) => each(hex, (byte) => `{0x${byte}}`),
  "%81": (hex) => each(hex, (byte) => `%${byte}`),
  "=81": (hex) => each(hex.toUpperCase(), (byte) => `=${byte}`),
  "0x810x01": (hex) => hex0x(hex, ""),
  "81/01": (hex) => bytesOf(hex).join("/"),
  "0x81:0x01": (hex) => hex0x(hex, ":"),
};

const fieldsOf = (hex: string, gap = " "): string =>
  [0, 4, 6, 8, 12, 16, 80].map((from, at, all) => hex.slice(from, all[at + 1] ?? 88)).join(gap);
const isamHead = ({ ns, direction }: Said, who: string): string =>
  `[OMFT(omft):100 27/10/20 ${clock(ns, { hour: 1 })} ]<OMCI MSG> ${bits(direction, "Tx -->", "Rx <--")} ${who} -  637:35:50.849`;
const relay = Buffer.from("ct-1").toString("hex").padEnd(60, "0");
const beside = (row: string): string => `${spaced(row)}         ${lettersOf(row)}`;
const at = (said: Said): string => `[10/09/1973-${clock(said.ns, { hour: 18 })}]`;

const CONSOLES: Record<string, Form> = {
  "fields of the message apart": {
    write: ({ hex }) => `  ${fieldsOf(hex)}`,
    bytes: 44,
    before: "# TCI MT DI CLS INST\n",
  },
  "fields by commas": { write: ({ hex }, index) => `${index},${fieldsOf(hex, ",")}`, bytes: 44 },
  "a relay's datagram on a line": {
    write: (said) => `DEBUG:endpoint:${relay}0007${at44(said)}`,
    bytes: 44,
    onu: 7,
    pon: "ct-1",
  },
  "the same, broken": {
    write: (said) => words(`DEBUG:onusim.endpoint:${relay}0007${at44(said)}`, 78).join("\n"),
    bytes: 44,
    onu: 7,
  },
  "bytes by their numbers in the message": {
    write: (said) =>
      [
        `${at(said)} ${bits(said.direction, "RX", "TX")}_ONT_MSG -- bytes[06-13]: ${spaced(said.hex.slice(0, 16))}`,
        ...rowsOf(said.hex.slice(16, 80)).map(
          (row, index) => `${index === 0 ? "   bytes[14-45]: " : "               : "}${spaced(row)}`,
        ),
      ].join("\n"),
    bytes: 40,
    toNs: US,
  },
  "the same, each row with its time": {
    write: (said) =>
      [
        `${at(said)} ${bits(said.direction, "RX", "TX")}_ONT_MSG -- bytes[06-13]: ${spaced(said.hex.slice(0, 16))}`,
        `${at(said)}             bytes[14-45]: ${spaced(said.hex.slice(16, 44))}`,
        `${at(said)}                         : ${spaced(said.hex.slice(44, 72))}`,
        `${at(said)}                         : ${spaced(said.hex.slice(72, 80))}`,
      ].join("\n"),
    bytes: 40,
    toNs: US,
  },
  "Broadcom: one key each row, Ethernet first": {
    write: (said, index) => {
      const key = `Jul 25 ${clock(said.ns, { digits: 0 })} olt[5911]: [pid: D OMCI_TRANSPORT] rx.c 1183| {olt_id=0 pon_if=30, onu_id=5, cookie=${440 + index}}: `;
      const rows = rowsOf(said.hex).map(
        (row, place) => `${key}${(14 + 16 * place).toString(16).padStart(4, "0")}    ${upper(row)}`,
      );
      return [`${key}0000    ${upper("0018480000000018481e000588b5")}`, ...rows].join("\n");
    },
    toNs: 1e9,
    onu: 5,
    pon: 30,
  },
  "Nokia ISAM: another kind of ONT, what it is in words before the bytes": {
    write: (said) =>
      [
        isamHead(said, "OntId(NG2) : 7"),
        "                     TCID : 0x8101 Action : GET ME : 7 Inst : 0",
        ...rowsOf(at40(said), 8).map(beside),
      ].join("\n"),
    bytes: 40,
    toNs: US,
    onu: 7,
  },
  "Nokia ISAM: braces in front of each row": {
    write: (said) =>
      [
        isamHead(said, "OntId : 222"),
        ...rowsOf(at40(said), 8).map(
          (row) => `[OMFT(vbuf):100 27/10/20 ${clock(said.ns, { hour: 1 })} ]{0:0} ${beside(row)}`,
        ),
      ].join("\n"),
    bytes: 40,
    toNs: US,
    onu: 222,
  },
  "Nokia ONU: minutes, seconds, thousandths": {
    write: (said, index) =>
      `[OMCI]OMCI_${bits(said.direction, "RX", "TX")}#${index}\n 1m:58s: ${Math.floor(said.ns / MS)}ms-${upper(at40(said))}`,
    bytes: 40,
    toNs: MS,
  },
  "triples in JSON": {
    write: (said) => `[${seconds(said.ns, 1_772_359_200)}, "${bits(said.direction, "tx", "rx")}", "${at40(said)}"],`,
    bytes: 40,
    toNs: US,
  },
  "a row of a table with its serial number": {
    write: ({ hex, ns }, index) =>
      `<tr onclick="drawInfo(${index})"><td>${index}</td><td>${date(ns)}</td><td></td><td>${hex}</td></tr>`,
    toNs: US,
  },
};

describe("bytes dressed as", () => {
  it.each(Object.entries(DRESSED))("%s", (_, write) => {
    expectReadBack({ write: ({ hex }) => `omci: ${write(hex)}` });
  });
});

const OFFSETS: Record<string, (offset: number) => string> = {
  "0008: ": (offset) => `${offset.toString(16).padStart(4, "0")}: `,
  "0x0008  ": (offset) => `0x${offset.toString(16).padStart(4, "0")}  `,
  "008  ": (offset) => `${String(offset).padStart(3, "0")}  `,
  "0008 | ": (offset) => `${offset.toString(16).padStart(4, "0")} | `,
  "[08] ": (offset) => `[${offset.toString(16).padStart(2, "0")}] `,
  "+0008 ": (offset) => `+${offset.toString(16).padStart(4, "0")} `,
  "<0008> ": (offset) => `<${offset.toString(16).padStart(4, "0")}> `,
  "  8: ": (offset) => `${String(offset).padStart(3)}: `,
  "00000008h: ": (offset) => `${offset.toString(16).padStart(8, "0")}h: `,
};
const LETTERS: Record<string, (row: string) => string> = {
  none: () => "",
  apart: (row) => `   ${lettersOf(row)}`,
  "|…|": (row) => `  |${lettersOf(row)}|`,
  "*…*": (row) => `  *${lettersOf(row)}*`,
  "'…'": (row) => `  '${lettersOf(row)}'`,
  '"…"': (row) => `  "${lettersOf(row)}"`,
  "; …": (row) => ` ; ${lettersOf(row)}`,
  "[…]": (row) => `  [${lettersOf(row)}]`,
};

describe("Nokia ISAM: rows with offsets", () => {
  it.each(Object.entries(OFFSETS))("%s", (_, offset) => {
    for (const letters of Object.values(LETTERS))
      for (const rowBytes of [8, 16]) {
        const row = (hex: string, index: number): string =>
          `${offset(rowBytes * index)}${spaced(hex).padEnd(3 * rowBytes)}${letters(hex)}`;
        expectReadBack({
          write: (said) => [isamHead(said, "OntId : 222"), ...rowsOf(at40(said), rowBytes).map(row)].join("\n"),
          bytes: 40,
          toNs: US,
          onu: 222,
        });
      }
  });
});

describe("consoles", () => {
  it.each(Object.entries(CONSOLES))("%s", (_, form) => expectReadBack(form));
});

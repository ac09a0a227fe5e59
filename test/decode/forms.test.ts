/** One conversation in every form in which programs write it down: the same frames, times and ONU are read. */
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { exactNsOf, readInput, traceOf } from "../../decode/index.ts";
import { imagesOf, warningsOf } from "./frames.ts";
import {
  bytesOf,
  clock,
  dump,
  ethernet,
  hexdumpC,
  lettersOf,
  rowsOf,
  SAID,
  type Said,
  seconds,
  spaced,
  swappedWords,
} from "./written.ts";

/** How the conversation is written, and what of it can be read. */
interface Form {
  write: (said: Said, index: number) => string;
  /** Bytes of each frame that are written. */
  bytes?: 40 | 44 | 48;
  /** Times can be told to so many nanoseconds. */
  toNs?: number;
  onu?: number | string;
  pon?: number | string;
  between?: string;
  before?: string;
  behind?: string;
  /** Lines that hold no frame. */
  others?: number;
  encode?: (text: string) => Uint8Array;
}

const MS = 1e6;
const US = 1e3;
const bits = (direction: string, down: string, up: string): string => (direction === "down" ? down : up);
const at40 = ({ hex }: Said): string => hex.slice(0, 80);
const at44 = ({ hex }: Said): string => hex.slice(0, 88);
const decimals = (hex: string): number[] => bytesOf(hex).map((byte) => Number.parseInt(byte, 16));
const date = (ns: number, sign = "T", digits = 6): string => `2026-03-01${sign}${clock(ns, { digits })}`;

/** One line each. */
const LINES: Record<string, Form> = {
  "bare digits": { write: ({ hex }) => hex },
  "Realtek: bytes apart, nothing else": { write: ({ hex }) => `${spaced(hex).toUpperCase()} ` },
  "Sagemcom: ten digits of nanoseconds": {
    write: ({ hex, ns }) => `0000000749.${String(ns).padStart(10, "0")}:omci capture:${hex}`,
    toNs: 1,
  },
  "a direction, a time, digits": {
    write: ({ direction, hex, ns }) => `${bits(direction, "<", ">")} ${clock(ns, { digits: 9 })} ${hex}`,
    toNs: 1,
  },
  "OpenOLT agent": {
    write: ({ hex, ns }) => `[${date(ns, " ")}] [I] omci msg: intf_id=3, onu_id=12, len=48 pkt=${hex}`,
    toNs: US,
    onu: 12,
    pon: 3,
  },
  "VOLTHA: device ids alone": {
    write: (said) =>
      `{"level":"debug","ts":"${date(said.ns)}Z","msg":"omci","device-id":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","TxOmciMessage":"${at40(said)}"}`,
    bytes: 40,
    toNs: US,
    onu: "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
  },
  "VOLTHA: seconds as a number": {
    write: (said) => `{"ts":${seconds(said.ns, 1772359200)},"onu-id":1,"intf-id":0,"omci":"${at40(said)}"}`,
    bytes: 40,
    toNs: US,
    onu: 1,
    pon: 0,
  },
  "BBSim: logrus": {
    write: ({ hex, ns }) =>
      `time="${date(ns)}Z" level=debug msg="Received OMCI message" IntfId=1 OnuId=7 OnuSn=BBSM00010007 omciMsgPkt=${hex}`,
    toNs: US,
    onu: 7,
    pon: 1,
  },
  "Go: a slice of bytes as %v prints it": {
    write: ({ hex, ns }) => `${date(ns)} onu=4 pkt [${decimals(hex).join(" ")}]`,
    onu: 4,
    toNs: US,
  },
  "Go: %x with a zero in front only where it is needed": {
    write: ({ hex }) =>
      `data: ${decimals(hex)
        .map((byte) => `0x${byte.toString(16)}`)
        .join(", ")}`,
  },
  "Go: a literal": { write: ({ hex }) => `var f = []byte{${decimals(hex).join(", ")}}` },
  "Go: %q": {
    write: ({ hex }) =>
      `pkt: "${decimals(hex)
        .map((byte) =>
          byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c
            ? String.fromCharCode(byte)
            : byte === 7
              ? String.raw`\a`
              : `\\x${byte.toString(16).padStart(2, "0")}`,
        )
        .join("")}"`,
  },
  "Python: repr of bytes": {
    write: ({ hex, ns }) =>
      `${date(ns, " ", 3).replace(".", ",")} DEBUG onu 3: b'${decimals(hex)
        .map((byte) =>
          byte === 10
            ? String.raw`\n`
            : byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c
              ? String.fromCharCode(byte)
              : `\\x${byte.toString(16).padStart(2, "0")}`,
        )
        .join("")}'`,
    toNs: MS,
    onu: 3,
  },
  "C: a string of escapes": {
    write: ({ hex }) =>
      `send("${bytesOf(hex)
        .map((byte) => `\\x${byte}`)
        .join("")}", 48);`,
  },
  "protobuf text: octal escapes": {
    write: ({ hex }) =>
      `pkt: "${decimals(hex)
        .map((byte) => `\\${byte.toString(8).padStart(3, "0")}`)
        .join("")}"`,
  },
  "JSON: escapes of Unicode": {
    write: ({ hex }) =>
      `{"onu": 9, "data": "${bytesOf(hex)
        .map((byte) => `\\u00${byte}`)
        .join("")}"}`,
    onu: 9,
  },
  "JSON: an array of numbers": { write: ({ hex }) => JSON.stringify({ onu_id: 8, data: decimals(hex) }), onu: 8 },
  "JSON: a Buffer of Node.js": { write: ({ hex }) => JSON.stringify({ type: "Buffer", data: decimals(hex) }) },
  "Java: signed bytes": {
    write: ({ hex }) =>
      `rx [${decimals(hex)
        .map((byte) => (byte > 127 ? byte - 256 : byte))
        .join(", ")}]`,
  },
  "gRPC JSON: base64": {
    write: ({ hex, ns }) =>
      `{"onuId":5,"intfId":2,"time":"${date(ns)}Z","pkt":"${Buffer.from(hex, "hex").toString("base64")}"}`,
    onu: 5,
    pon: 2,
    toNs: US,
  },
  "C: an array with 0x": {
    write: ({ hex }, index) =>
      `u8 f${index}[] = {${bytesOf(hex)
        .map((byte) => `0x${byte}`)
        .join(",")}};`,
  },
  "CSV with quotes": {
    write: ({ hex, ns }, index) => `"${index + 1}","${seconds(ns)}","OLT","ONU 2","${hex}"`,
    toNs: US,
    onu: 2,
  },
  "Wireshark: copied as a hex stream, with times": {
    write: (said) => `${clock(said.ns)} ${ethernet(said)}`,
    toNs: US,
    onu: "08:87:88:00:00:00",
  },
  "colons between bytes": { write: ({ hex }) => `omci: ${bytesOf(hex).join(":")}` },
  "dashes between bytes": { write: ({ hex }) => bytesOf(hex).join("-") },
  "words of four digits": { write: ({ hex }) => hex.match(/..../g)!.join(" ") },
  "words of eight digits": { write: ({ hex }) => hex.match(/.{8}/g)!.join(" ") },
  "words of eight digits with 0x": {
    write: ({ hex }) =>
      hex
        .match(/.{8}/g)!
        .map((word) => `0x${word}`)
        .join(" "),
  },
  "syslog of OpenWrt": {
    write: ({ hex, ns }) => `Sun Mar  1 ${clock(ns, { digits: 0 })} 2026 daemon.debug omcid[1234]: TX ${spaced(hex)}`,
    toNs: 1e9,
  },
  logcat: {
    write: ({ hex, ns }) => `03-01 ${clock(ns, { digits: 3 })}  1234  1250 D omci    : rx ${hex}`,
    toNs: MS,
  },
  klog: { write: ({ hex, ns }) => `I0301 ${clock(ns)}    1234 omci.go:77] onu(6) ${hex}`, toNs: US, onu: 6 },
  kernel: { write: ({ hex, ns }) => `<7>[   ${seconds(ns, 12)}] gpon: omci: ${spaced(hex)}`, toNs: US },
  "minutes and seconds in words": {
    write: ({ hex, ns }) => `1m:58s: ${Math.floor(ns / MS)}ms omci rx ${hex}`,
    toNs: MS,
  },
  "thousandths behind a colon": {
    write: ({ hex, ns }) => `[${clock(ns, { sign: ":", digits: 3 })}] ONT 4 ${hex}`,
    toNs: MS,
    onu: 4,
  },
  "milliseconds since 1970": {
    write: ({ hex, ns }) => `${1_772_359_200_000 + Math.floor(ns / MS)} onu#2 ${hex}`,
    toNs: MS,
    onu: 2,
  },
  "nanoseconds since 1970": {
    write: ({ hex, ns }) => `{"timestamp_ns": ${1_772_359_200_000_000_000n + BigInt(ns)}, "onu": 2, "hex": "${hex}"}`,
    toNs: 1,
    onu: 2,
  },
  "a time zone": { write: ({ hex, ns }) => `${date(ns)}+05:30 ${hex}`, toNs: US },
  "xponhwa: day first": {
    write: (said) =>
      `[10/09/1973-${clock(said.ns, { hour: 18 })}],[OMCI:OmciTxRx],omci_packet ${bits(said.direction, "RX", "TX")}: ONUid[4] ${at40(said)}`,
    bytes: 40,
    toNs: US,
    onu: 4,
  },
  "Nokia ISAM: the way to the ONT": {
    write: (said) => `${date(said.ns)} ont 1/1/4/2/105 ${spaced(at44(said))}`,
    bytes: 44,
    toNs: US,
    onu: 105,
    pon: "1/1/4/2",
  },
  "ZTE: the way to the port": { write: ({ hex }) => `gpon-onu_1/2/3:5 packet: ${hex}`, onu: 5, pon: "1/2/3" },
  "V-SOL": { write: ({ hex }) => `GPON0/1:17 omci ${hex}`, onu: 17, pon: "0/1" },
  "ONU and PON in brackets": { write: ({ hex }) => `PON[2] ONU[33]: ${spaced(hex)}`, onu: 33, pon: 2 },
  "hexadecimal ONU-ID": { write: ({ hex }) => `onuId=0x1f ${hex}`, onu: 31 },
  "a serial number": { write: ({ hex }) => `sn=ALCLFA123456 omci=${hex}`, onu: "ALCLFA123456" },
  "a name": { write: ({ hex }) => `Onu: ont1-fwlt-b ${hex}`, onu: "ont1-fwlt-b" },
  "colours of a terminal": { write: ({ hex }) => `\u001B[32mDEBU\u001B[0m[0001] onu=3 ${hex}`, onu: 3 },
  "XML on one line": {
    write: ({ hex, ns }) =>
      `<OMCI-DOWNSTREAM timeStamp="0:0:${Math.floor(ns / 1e9)}:${Math.floor(ns / MS) % 1000}:${Math.floor(ns / US) % 1000}:0" onuId="5" BitStream="${hex}"/>`,
    toNs: US,
    onu: 5,
    between: "",
    before: "<GPONDOCTOR-TRACE>",
    behind: "</GPONDOCTOR-TRACE>",
  },
  "a table in HTML": {
    write: ({ hex, ns }) =>
      `<tr><td>1</td><td>${clock(ns, { hour: 0, sign: ":", digits: 3 })}:${String(ns % MS).padStart(6, "0")}</td><td>${hex}</td></tr>`,
    toNs: 1,
  },
  "UTF-16 with its mark": {
    write: ({ hex }) => `onu 4 ${hex}`,
    onu: 4,
    encode: (text) => Buffer.from(`\uFEFF${text}`, "utf16le"),
  },
  "UTF-16 without": { write: ({ hex }) => `onu 4 ${hex}`, onu: 4, encode: (text) => Buffer.from(text, "utf16le") },
  "UTF-8 with its mark": { write: ({ hex }) => hex, encode: (text) => Buffer.from(`\uFEFF${text}`) },
  packed: { write: ({ hex }) => hex, encode: (text) => gzipSync(text) },
  "lines of DOS": { write: ({ hex }) => `rx ${hex}`, between: "\r\n" },
  "lines of old Macs": { write: ({ hex }) => `rx ${hex}`, between: "\r" },
  "JSON in one line": {
    write: ({ hex }) => JSON.stringify({ onu: 3, hex }),
    between: ", ",
    before: "[",
    behind: "]",
    onu: 3,
  },
};

const isam = ({ hex, ns, direction }: Said): string => {
  const [first, ...rest] = rowsOf(hex.slice(0, 80), 8);
  const time = `27/10/20 ${clock(ns, { hour: 1, minute: 25 })}`;
  const row = (digits: string): string => `${spaced(digits)}         ${lettersOf(digits)}`;
  return [
    `[OMFT(omft):100 ${time} ]<OMCI MSG> ${bits(direction, "Tx -->", "Rx <--")} OntId : 222 -  637:35:50.849`,
    `[OMFT(vbuf):100 ${time} ]${row(first)}`,
    ...rest.map(row),
  ].join("\n");
};

/** Several lines each. */
const ROWS: Record<string, Form> = {
  "Lantiq omcid: rows of 16": {
    write: (said, index) =>
      [
        `[omcid] ${clock(said.ns, { digits: 0 })} MSG_DUMP PRN: OMCI #${index} RX`,
        ...rowsOf(at40(said)).map((row) => ` ${spaced(row)}`),
      ].join("\n"),
    bytes: 40,
    toNs: 1e9,
  },
  Calix: {
    write: (said) => [`OMCCRX[${seconds(said.ns, 83)}]:`, ...rowsOf(at40(said)).map(spaced)].join("\n"),
    bytes: 40,
    toNs: US,
  },
  "Nokia ISAM: rows of 8 with letters": { write: isam, bytes: 40, toNs: US, onu: 222 },
  "LightSpan: hexdump -C under a header": {
    write: (said) =>
      `[trace] ${clock(said.ns)} Dir: ${bits(said.direction, "Tx -->", "Rx <--")} Onu: ont1-fwlt-b Retry: 0 \n${hexdumpC(at44(said)).split("\n").slice(0, -1).join("\n")}`,
    bytes: 44,
    toNs: US,
    onu: "ont1-fwlt-b",
  },
  "Huawei: numbers without zeros in front": {
    write: ({ direction, hex, ns }) =>
      [
        `${bits(direction, "OLT--------->ONT", "ONT--------->OLT")}: 1970/1/1 0:6:${42 + Math.floor(ns / 1e9)}:${Math.floor(ns / US) % 1e6}`,
        ...rowsOf(hex).map(spaced),
        "",
      ].join("\n"),
    toNs: US,
  },
  "Huawei: a line of dashes": {
    write: ({ direction, hex, ns }) =>
      [
        `[${date(ns, " ")}]${bits(direction, "OLT->ONT", "ONT->OLT")}: Priority 0`,
        "----------------------",
        ...rowsOf(hex).map((row) => `${spaced(row)} `),
        "",
      ].join("\n"),
    toNs: US,
  },
  "Cortina: twenty digits in front": {
    write: ({ hex }, index) => {
      const front = `${String(index).padStart(20, "0")} debug: `;
      return [
        `${front}========`,
        ...rowsOf(hex).map((row, at) => `${front}${String(16 * at).padStart(8, "0")}: ${spaced(row)}`),
      ].join("\n");
    },
  },
  "Broadcom: rows with a prefix each": {
    write: ({ hex, ns }) =>
      rowsOf(hex)
        .map((row) => `[BCM ${date(ns)} omci] ${spaced(row)}`)
        .join("\n"),
    toNs: US,
  },
  "kernel: rows with its time each": {
    write: ({ hex, ns }) => dump(hex, { front: `[   ${seconds(ns, 12)}] omci rx: `, group: 1 }),
    toNs: US,
  },
  "kernel: without offsets": {
    write: ({ hex, ns }) =>
      rowsOf(hex)
        .map((row) => `[   ${seconds(ns, 12)}] ${spaced(row)}`)
        .join("\n"),
    toNs: US,
  },
  "OpenWrt: rows with its prefix each": {
    write: ({ hex, ns }) =>
      rowsOf(hex)
        .map((row) => `Sun Mar  1 ${clock(ns, { digits: 0 })} 2026 daemon.info omcid[1234]: ${spaced(row)}`)
        .join("\n"),
    toNs: 1e9,
  },
  xxd: { write: ({ hex }) => dump(hex) },
  "xxd -g1": { write: ({ hex }) => dump(hex, { group: 1 }) },
  "xxd -g4": { write: ({ hex }) => dump(hex, { group: 4 }) },
  "hexdump -C": { write: ({ hex }) => hexdumpC(hex) },
  "hexdump -C of Ethernet frames": { write: (said) => hexdumpC(ethernet(said)), onu: "08:87:88:00:00:00" },
  "hexdump: words in the other order": {
    write: ({ hex }) =>
      [
        ...rowsOf(hex).map((row, at) => `${(16 * at).toString(16).padStart(7, "0")} ${swappedWords(row).join(" ")}`),
        "0000030",
      ].join("\n"),
  },
  "od -A x -t x1": {
    write: ({ hex }) => [dump(hex, { digits: 6, behind: " ", group: 1, letters: false }), "000030"].join("\n"),
  },
  "od -t x1: octal offsets": {
    write: ({ hex }) =>
      [...rowsOf(hex).map((row, at) => `${(16 * at).toString(8).padStart(7, "0")} ${spaced(row)}`), "0000060"].join(
        "\n",
      ),
  },
  "od -t x1z": {
    write: ({ hex }) =>
      rowsOf(hex)
        .map((row, at) => `${(16 * at).toString(8).padStart(7, "0")} ${spaced(row)}  >${lettersOf(row)}<`)
        .join("\n"),
  },
  "od -A d -t x1: decimal offsets": {
    write: ({ hex }) =>
      rowsOf(hex)
        .map((row, at) => `${String(16 * at).padStart(7, "0")} ${spaced(row)}`)
        .join("\n"),
  },
  "od -x": {
    write: ({ hex }) =>
      [
        ...rowsOf(hex).map((row, at) => `${(16 * at).toString(8).padStart(7, "0")} ${swappedWords(row).join(" ")}`),
        "0000060",
      ].join("\n"),
  },
  "od -b": {
    write: ({ hex }) =>
      [
        ...rowsOf(hex).map(
          (row, at) =>
            `${(16 * at).toString(8).padStart(7, "0")} ${decimals(row)
              .map((byte) => byte.toString(8).padStart(3, "0"))
              .join(" ")}`,
        ),
        "0000060",
      ].join("\n"),
  },
  od: {
    write: ({ hex }) =>
      [
        ...rowsOf(hex).map(
          (row, at) =>
            `${(16 * at).toString(8).padStart(7, "0")} ${swappedWords(row)
              .map((word) => Number.parseInt(word, 16).toString(8).padStart(6, "0"))
              .join(" ")}`,
        ),
        "0000060",
      ].join("\n"),
  },
  "od -t u1": {
    write: ({ hex }) =>
      [
        ...rowsOf(hex).map(
          (row, at) =>
            `${(16 * at).toString(8).padStart(7, "0")}${decimals(row)
              .map((byte) => String(byte).padStart(4))
              .join("")}`,
        ),
        "0000060",
      ].join("\n"),
  },
  "tcpdump -x: the payload": {
    onu: "08:87:88:00:00:00",
    write: ({ direction, hex, ns }) =>
      `${clock(ns)} ${bits(direction, "08:87:01:70:17:01 > 08:87:88:00:00:00", "08:87:88:00:00:00 > 08:87:01:70:17:01")}, ethertype Unknown (0x88b5), length 62:\n${dump(hex, { front: "\t0x", digits: 4, behind: ":  ", letters: false })}`,
    toNs: US,
  },
  "tcpdump -xx: the link, too": {
    write: (said) =>
      `${clock(said.ns)} ethertype Unknown (0x88b5), length 62:\n${dump(ethernet(said), { front: "\t0x", digits: 4, behind: ":  ", letters: false })}`,
    toNs: US,
    onu: "08:87:88:00:00:00",
  },
  "tcpdump -X": {
    write: ({ hex, ns }) => `${clock(ns)} ethertype 0x88b5:\n${dump(hex, { front: "\t0x", digits: 4, behind: ":  " })}`,
    toNs: US,
  },
  "tshark -x": {
    write: (said) => `${dump(ethernet(said), { digits: 4, behind: "  ", group: 1 })}\n`,
    onu: "08:87:88:00:00:00",
  },
  "tshark -V -x: a frame that is shown twice is one": {
    onu: "08:87:88:00:00:00",
    write: (said, index) =>
      [
        `Frame ${index + 1}: 62 bytes on wire (496 bits), 62 bytes captured (496 bits)`,
        `    Arrival Time: Mar  1, 2026 ${clock(said.ns, { digits: 9 })} UTC`,
        `    [Time delta from previous captured frame: 0.002000000 seconds]`,
        `    Frame Number: ${index + 1}`,
        bits(
          said.direction,
          "Ethernet II, Src: 08:87:01:70:17:01, Dst: 08:87:88:00:00:00",
          "Ethernet II, Src: 08:87:88:00:00:00, Dst: 08:87:01:70:17:01",
        ),
        `Data (48 bytes)`,
        `    Data: ${said.hex}`,
        `    [Length: 48]`,
        "",
        dump(ethernet(said), { digits: 4, behind: "  ", group: 1 }),
        "",
      ].join("\n"),
    toNs: 1,
  },
  "U-Boot md.b": { write: ({ hex }) => dump(hex, { group: 1, behind: ": ", front: "" }).replaceAll(/^/gm, "") },
  "offsets in brackets": {
    write: ({ hex }) =>
      rowsOf(hex)
        .map((row, at) => `[${(16 * at).toString(16).padStart(4, "0")}] ${spaced(row)}`)
        .join("\n"),
  },
  "offsets of two digits": {
    write: ({ hex }) =>
      rowsOf(hex)
        .map((row, at) => `${(16 * at).toString(16).padStart(2, "0")}: ${spaced(row)}`)
        .join("\n"),
  },
  "rows of 20": { write: ({ hex }, index) => [`#${index}`, ...rowsOf(hex, 20).map(spaced)].join("\n") },
  "rows of 4": { write: ({ hex }, index) => [`frame ${index}`, ...rowsOf(hex, 4).map(spaced)].join("\n") },
  "message, then trailer": {
    write: ({ hex }) => [`msg ${spaced(hex.slice(0, 80))}`, `    ${spaced(hex.slice(80))}`].join("\n"),
  },
  "a terminal's width": {
    write: ({ hex }) => `omci_tx: ${spaced(hex)}`.match(/.{1,80}/g)!.join("\n"),
  },
  "a terminal's width, in the middle of a byte": {
    write: ({ hex }) => `omci_rx[${hex.length / 2}]=${hex}`.match(/.{1,64}/g)!.join("\n"),
  },
  "rows far apart by blank lines": {
    write: ({ hex }) =>
      rowsOf(hex)
        .map((row) => `${spaced(row)}\n`)
        .join("\n"),
  },
  "lines of DOS between rows": { write: ({ hex }) => rowsOf(hex).map(spaced).join("\r\n"), between: "\r\n" },
  "another line between rows": {
    write: ({ hex }) => [...rowsOf(hex).slice(0, 2).map(spaced), "gpon: link is up", spaced(rowsOf(hex)[2])].join("\n"),
  },
  "C: an array over lines": {
    write: ({ hex }, index) =>
      [
        `static const u8 f${index}[48] = {`,
        ...rowsOf(hex, 12).map(
          (row) =>
            `\t${bytesOf(row)
              .map((byte) => `0x${byte}`)
              .join(", ")},`,
        ),
        "};",
      ].join("\n"),
  },
  "JSON: printed to be read, the ONU behind the bytes": {
    write: ({ hex, ns }) => JSON.stringify({ data: decimals(hex), onuId: 5, timestamp: `${date(ns)}Z` }, undefined, 2),
    toNs: US,
    onu: 5,
  },
  "tshark -T json": {
    write: (said) =>
      JSON.stringify(
        {
          _source: {
            layers: {
              frame: {
                "frame.time": `Mar  1, 2026 ${clock(said.ns, { digits: 9 })} UTC`,
                "frame.time_delta": "0.000000000",
              },
              data: { "data.data": bytesOf(said.hex).join(":"), "data.len": "48" },
            },
          },
        },
        undefined,
        2,
      ),
    toNs: 1,
    before: "[\n",
    between: ",\n",
    behind: "\n]",
  },
  "an analyser's report: the time behind the bytes": {
    write: ({ hex, ns }) =>
      `<entry>\n <Raw_Data>0x${hex}</Raw_Data>\n <paramaters>\n  <Timestamp>${clock(ns, { digits: 3 })}</Timestamp>\n </paramaters>\n</entry>`,
    toNs: MS,
    before: "<traceReport>\n",
  },
};

describe.each([
  ["on lines", LINES],
  ["on rows", ROWS],
])("%s", (_, forms) => {
  it.each(Object.entries(forms))("%s", (_, form) => {
    const { write, bytes = 48, between = "\n", before = "", behind = "", encode = Buffer.from } = form;
    const text = `${before}${SAID.map(write).join(between)}${behind}\n`;
    const { frames } = readInput(encode(text));
    expect(frames.map(({ direction, frame }) => [direction, Buffer.from(frame).toString("hex")])).toEqual(
      SAID.map(({ direction, hex }) => [direction, hex.slice(0, 2 * bytes)]),
    );
    const times = frames.map(exactNsOf);
    if (form.toNs === undefined) expect(times.every((ns) => ns === undefined)).toBe(true);
    else
      for (const [index, ns] of times.entries()) {
        const apart = Number(ns! - times[0]!) - (SAID[index].ns - SAID[0].ns);
        expect(Math.abs(apart)).toBeLessThan(form.toNs);
      }
    expect([...new Set(frames.map(({ onuId }) => onuId))]).toEqual([form.onu]);
    if (form.pon !== undefined) expect([...new Set(frames.map(({ pon }) => pon))]).toEqual([form.pon]);
    const records = traceOf(frames);
    expect(warningsOf(records)).toEqual([]);
    expect(imagesOf(records)).toMatchObject([{ isRight: true, bytes: 100 }]);
  });
});

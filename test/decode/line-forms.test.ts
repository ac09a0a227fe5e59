/** One conversation in every form in which programs write a frame on a line, or a record on several. */
import { gzipSync } from "node:zlib";
import { describe, it } from "vitest";
import { at40, at44, bits, date, decimals, MS, US, expectReadBack, type Form } from "./forms.ts";
import { bytesOf, clock, ethernet, rowsOf, seconds, spaced } from "./written.ts";

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

/** Records over several lines. */
const RECORDS: Record<string, Form> = {
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

describe("on lines", () => {
  it.each(Object.entries(LINES))("%s", (_, form) => expectReadBack(form));
});

describe("records", () => {
  it.each(Object.entries(RECORDS))("%s", (_, form) => expectReadBack(form));
});

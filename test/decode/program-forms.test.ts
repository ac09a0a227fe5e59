/** One conversation as loggers and programs in many languages write it, with the times that they have. */
import { gzipSync } from "node:zlib";
import { describe, it } from "vitest";
import { date, decimals, MS, US, expectReadBack, type Form } from "./forms.ts";
import { bytesOf, clock, rowsOf, seconds, spaced, upper } from "./written.ts";

const PROGRAMS: Record<string, Form> = {
  strace: {
    write: ({ hex, ns }) =>
      `${clock(ns)} write(3, "${decimals(hex)
        .map((byte, at, all) => {
          if (byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c) return String.fromCharCode(byte);
          const next = all[at + 1] ?? 0;
          const isDigitNext = next >= 0x30 && next <= 0x37;
          const named: Record<number, string> = { 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 0x22: '"', 0x5c: "\\" };
          if (named[byte] !== undefined) return `\\${named[byte]}`;
          return `\\${byte.toString(8).padStart(isDigitNext ? 3 : 1, "0")}`;
        })
        .join("")}", 48) = 48`,
    toNs: US,
  },
  "strace -x": {
    write: ({ hex, ns }) =>
      `${seconds(ns, 1_772_359_200)} sendto(5, "${bytesOf(hex)
        .map((byte) => `\\x${byte}`)
        .join("")}", 48, 0, NULL, 0) = 48`,
    toNs: US,
  },
  "Docker: JSON in JSON": {
    write: ({ hex, ns }) =>
      JSON.stringify({
        log: `${JSON.stringify({ level: "debug", "onu-id": 4, "intf-id": 1, omci: hex })}\n`,
        stream: "stderr",
        time: `${date(ns, "T", 9)}Z`,
      }),
    toNs: 1,
    onu: 4,
    pon: 1,
  },
  "Kubernetes: time, stream, JSON": {
    write: ({ hex, ns }) => `${date(ns, "T", 9)}Z stderr F ${JSON.stringify({ "onu-id": 4, "pon-id": 1, pkt: hex })}`,
    toNs: 1,
    onu: 4,
    pon: 1,
  },
  "journalctl -o json": {
    write: ({ hex, ns }) =>
      JSON.stringify({
        __REALTIME_TIMESTAMP: String(1_772_359_200_000_000 + Math.floor(ns / US)),
        MESSAGE: `omci rx onu 5: ${hex}`,
      }),
    toNs: US,
    onu: 5,
  },
  "journalctl -o short-iso-precise": {
    write: ({ hex, ns }) => `${date(ns)}+0100 olt1 omcid[812]: onu 5 ${hex}`,
    toNs: US,
    onu: 5,
  },
  "dmesg -T": {
    write: ({ hex, ns }) => `[Sun Mar  1 ${clock(ns, { digits: 0 })} 2026] omci: ${spaced(hex)}`,
    toNs: 1e9,
  },
  "BusyBox syslog": {
    write: ({ hex, ns }) => `Jan  1 ${clock(ns, { digits: 0 })} (none) user.info omcid: ${spaced(hex)}`,
    toNs: 1e9,
  },
  "syslog with a fraction": { write: ({ hex, ns }) => `Mar  1 ${clock(ns)} olt1 omcid[9]: ${hex}`, toNs: US },
  "RFC 5424": { write: ({ hex, ns }) => `<134>1 ${date(ns)}Z olt1 omcid 812 - - onu=5 ${hex}`, toNs: US, onu: 5 },
  logfmt: {
    write: ({ hex, ns }) => `ts=${date(ns)}Z level=debug caller=omci.go:77 onu=8 pon=2 frame=${hex}`,
    toNs: US,
    onu: 8,
    pon: 2,
  },
  Elastic: {
    write: ({ hex, ns }) =>
      JSON.stringify({ "@timestamp": `${date(ns)}Z`, fields: { onuId: 3, ponId: 1 }, message: hex }),
    toNs: US,
    onu: 3,
    pon: 1,
  },
  "Go: %#v": {
    write: ({ hex }) =>
      `pkt=[]byte{${decimals(hex)
        .map((byte) => `0x${byte.toString(16)}`)
        .join(", ")}}`,
  },
  "Go: % X": { write: ({ hex, ns }) => `${date(ns, " ").replaceAll("-", "/")} omci ${upper(hex)}`, toNs: US },
  "Go: %x of a slice in brackets": { write: ({ hex }) => `frame=[${hex}]` },
  "Rust: {:?}": { write: ({ hex }) => `TX [${decimals(hex).join(", ")}]` },
  "Rust: {:02x?}": { write: ({ hex }) => `TX [${bytesOf(hex).join(", ")}]` },
  "Rust: {:#04x?}": {
    write: ({ hex }) =>
      `TX [\n${bytesOf(hex)
        .map((byte) => `    0x${byte},`)
        .join("\n")}\n]`,
  },
  "Erlang: a binary": { write: ({ hex }) => `omci: <<${decimals(hex).join(",")}>>` },
  "Python: a bytearray": {
    write: ({ hex }) =>
      `INFO:omci:rx bytearray(b'${bytesOf(hex)
        .map((byte) => `\\x${byte}`)
        .join("")}')`,
  },
  "Python: a list of hex()": {
    write: ({ hex }) =>
      `[${decimals(hex)
        .map((byte) => `'0x${byte.toString(16)}'`)
        .join(", ")}]`,
  },
  "Python: hexlify": {
    write: ({ hex, ns }) => `${date(ns, " ", 3).replace(".", ",")} - omci - DEBUG - rx: b'${hex}'`,
    toNs: MS,
  },
  "C: %x without zeros": {
    write: ({ hex }) =>
      `omci: ${decimals(hex)
        .map((byte) => byte.toString(16))
        .join(" ")}`,
  },
  "C++: std::hex with 0x": {
    write: ({ hex }) =>
      `omci: ${decimals(hex)
        .map((byte) => `0x${byte.toString(16)}`)
        .join(" ")}`,
  },
  "YAML: binary in base64": {
    write: ({ hex, ns }) =>
      `- time: ${date(ns)}Z\n  onu_id: 2\n  data: !!binary |\n    ${Buffer.from(hex, "hex").toString("base64")}`,
    toNs: US,
    onu: 2,
  },
  "YAML: digits": {
    write: ({ hex, ns }) => `- time: ${date(ns)}Z\n  onu: 2\n  pkt: ${hex}`,
    toNs: US,
    onu: 2,
  },
  "base64 for addresses of the web": {
    write: ({ hex }) => `frame=${Buffer.from(hex, "hex").toString("base64url")}`,
  },
  "CSV with semicolons": {
    write: ({ hex, ns, direction }, index) => `${index};${seconds(ns)};${direction};${hex}`,
    toNs: US,
  },
  tabs: { write: ({ hex, ns, direction }, index) => `${index}\t${seconds(ns)}\t${direction}\t${hex}`, toNs: US },
  "a table of Markdown": { write: ({ hex, ns }, index) => `| ${index} | ${clock(ns)} | \`${hex}\` |`, toNs: US },
  "quoted in a mail": { write: ({ hex, ns }) => `> ${clock(ns)} rx ${spaced(hex)}`, toNs: US },
  "rows quoted in a mail": {
    write: ({ hex }, index) => [`> frame ${index}`, ...rowsOf(hex).map((row) => `> ${spaced(row)}`)].join("\n"),
  },
  "a patch": {
    write: ({ hex }) =>
      rowsOf(hex)
        .map((row, at) => `+${(16 * at).toString(16).padStart(4, "0")}: ${spaced(row)}`)
        .join("\n"),
  },
  "curly quotes and dashes": { write: ({ hex }) => `rx – “${hex}”` },
  "HTML: a row of a table in several lines": {
    write: ({ hex, ns }, index) => `<tr>\n<td>${index}</td>\n<td>${clock(ns)}</td>\n<td>${spaced(hex)}</td>\n</tr>`,
    toNs: US,
  },
  "UTF-16, big-endian": {
    write: ({ hex }) => `onu 4 ${hex}`,
    onu: 4,
    encode: (text) => Buffer.from(`\uFEFF${text}`, "utf16le").swap16(),
  },
  "UTF-16 of Windows, rows": {
    write: ({ hex }, index) => [`frame ${index}`, ...rowsOf(hex).map(upper)].join("\r\n"),
    between: "\r\n",
    encode: (text) => Buffer.from(`\uFEFF${text}`, "utf16le"),
  },
  "gzip in two members": {
    write: ({ hex }) => hex,
    encode: (text) => Buffer.concat([gzipSync(text.slice(0, 100)), gzipSync(text.slice(100))]),
  },
};

const TIMES: Record<string, Form> = {
  "comma in front of thousandths": {
    write: ({ hex, ns }) => `${clock(ns, { sign: ",", digits: 3 })} ${hex}`,
    toNs: MS,
  },
  "basic form of ISO 8601": { write: ({ hex, ns }) => `20260301T${clock(ns).replaceAll(":", "")}Z ${hex}`, toNs: US },
  "date and time by a dash": { write: ({ hex, ns }) => `20260301-${clock(ns, { digits: 3 })} ${hex}`, toNs: MS },
  Apache: { write: ({ hex, ns }) => `[01/Mar/2026:${clock(ns, { digits: 3 })} +0000] ${hex}`, toNs: MS },
  "seconds since the start, with a unit": { write: ({ hex, ns }) => `+${seconds(ns)}s ${hex}`, toNs: US },
  "milliseconds since the start": { write: ({ hex, ns }) => `[${(ns / MS).toFixed(3)}ms] ${hex}`, toNs: US },
  "t=": { write: ({ hex, ns }) => `t=${seconds(ns)} ${hex}`, toNs: US },
  "AM and PM": { write: ({ hex, ns }) => `3/1/2026 ${clock(ns, { digits: 3 })} AM ${hex}`, toNs: MS },
  "microseconds since 1970": {
    write: ({ hex, ns }) => `${1_772_359_200_000_000 + Math.floor(ns / US)} ${hex}`,
    toNs: US,
  },
  "uptime in words": { write: ({ hex, ns }) => `uptime ${seconds(ns, 118)} s: ${hex}`, toNs: US },
  "hours, minutes, seconds in letters": { write: ({ hex, ns }) => `10h00m${seconds(ns)}s ${hex}`, toNs: US },
  "timestamp in milliseconds, named": {
    write: ({ hex, ns }) => `timestamp_ms=${1_772_359_200_000 + Math.floor(ns / MS)} ${hex}`,
    toNs: MS,
  },
  "time in microseconds with a unit": { write: ({ hex, ns }) => `time: ${Math.floor(ns / US)} us ${hex}`, toNs: US },
  "a name of the zone behind": { write: ({ hex, ns }) => `${date(ns, " ")} CET ${hex}`, toNs: US },
  "year, month in letters, day": { write: ({ hex, ns }) => `2026 Mar  1 ${clock(ns)} ${hex}`, toNs: US },
};

const readBack = (forms: Record<string, Form>): void =>
  it.each(Object.entries(forms))("%s", (_, form) => expectReadBack(form));

describe("programs", () => readBack(PROGRAMS));
describe("times", () => readBack(TIMES));

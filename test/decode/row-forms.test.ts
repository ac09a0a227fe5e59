/** One conversation in every form in which programs write a frame in rows. */
import { describe, it } from "vitest";
import { at40, at44, bits, date, decimals, isam, US, expectReadBack, type Form } from "./forms.ts";
import { clock, dump, ethernet, hexdumpC, lettersOf, rowsOf, seconds, spaced, swappedWords } from "./written.ts";

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
};

describe("in rows", () => {
  it.each(Object.entries(ROWS))("%s", (_, form) => expectReadBack(form));
});

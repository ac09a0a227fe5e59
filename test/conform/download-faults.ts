/** Faults in a download: its Start, its windows, the order of sections, other requests in its midst, extended sections. */
import { MT } from "../../omci/index.ts";
import { answers, type Injected, second, turned } from "./faults.ts";

const lose = (): undefined => undefined;

export const downloadFaults: readonly Injected[] = [
  {
    id: "start.parallel-marker",
    key: "wrongly-accepted",
    fault: () =>
      answers(MT.startDownload, ({ instanceId, contents }) => void (instanceId === 0xffff && (contents[0] = 0))),
  },
  {
    id: "window.within-proposal",
    key: "wrong-window",
    fault: () => answers(MT.startDownload, ({ contents }) => void (contents[1]! += contents[1] === 255 ? 0 : 1)),
  },
  {
    id: "concurrent.burst",
    key: "no-answer",
    fault: () => {
      let lastNs = 0;
      return {
        up: ({ bytes }, nowNs) => {
          const isHasty = nowNs - lastNs < 200_000;
          lastNs = nowNs;
          return isHasty ? undefined : bytes;
        },
      };
    },
  },
  {
    id: "download.over-valid",
    key: "wrongly-refused",
    fault: () => {
      let good = 0;
      return answers(MT.endDownload, ({ contents }) => {
        if (contents[0] === 0 && ++good > 1) contents[0] = 1;
      });
    },
  },
  {
    id: "download.short-16",
    key: "wrongly-refused",
    fault: () => answers(MT.downloadSection, ({ contents }) => void (contents[1] !== 15 && (contents[0] = 1))),
  },
  { id: "download.pace", key: "too-slow", fault: () => ({ quirk: { answerDelayNs: 0.6 * second } }) },
  {
    id: "start.again-other-size",
    key: "wrongly-refused",
    fault: () => {
      const sizes = new Set<string>();
      return {
        down: (pdu) => {
          if (pdu.type === MT.startDownload) sizes.add(Buffer.from(pdu.contents.subarray(1, 5)).toString("hex"));
          return pdu.bytes;
        },
        ...answers(MT.endDownload, ({ contents }) => void (sizes.size > 1 && (contents[0] = 1))),
      };
    },
  },
  {
    id: "window.one",
    key: "wrong-answer",
    fault: () => answers(MT.downloadSection, ({ contents }) => void (contents[1] = 1)),
  },
  {
    id: "window.no-answer-without-ar",
    key: "unasked-answer",
    fault: () => ({
      down: (pdu, reply) => {
        if (pdu.type === MT.downloadSection && !pdu.ar) reply(pdu.answer(0));
        return pdu.bytes;
      },
    }),
  },
  { id: "order.swapped-end", key: "wrongly-refused", fault: () => ({ quirk: { countsSectionsBlindly: true } }) },
  {
    id: "order.other-instance-silent",
    key: "wrongly-refused",
    fault: () =>
      turned(
        (pdu) => pdu.instanceId === 0xfefe,
        ({ bytes }) => bytes.with(6, 0).with(7, 1),
      ),
  },
  {
    id: "concurrent.get",
    key: "wrongly-refused",
    fault: () => {
      let hasGet = false;
      return {
        down: (pdu) => {
          const isLost = hasGet && pdu.type === MT.downloadSection && !pdu.ar;
          hasGet = pdu.type === MT.get;
          return isLost ? undefined : pdu.bytes;
        },
      };
    },
  },
  { id: "concurrent.get-high", key: "no-answer", fault: () => turned((pdu) => pdu.tci >= 0x8000, lose) },
  { id: "concurrent.pause", key: "wrongly-refused", fault: () => ({ quirk: { downloadTimeoutNs: 30 * second } }) },
  {
    id: "extended.largest",
    set: "extended",
    key: "wrongly-refused",
    fault: () => ({ quirk: { windowBytesMax: 7000 } }),
  },
  {
    id: "extended.one-byte",
    set: "extended",
    key: "wrongly-refused",
    fault: () => turned((pdu) => pdu.type === MT.downloadSection && pdu.bytes.length === 12 && !pdu.ar, lose),
  },
  {
    id: "extended.too-long",
    set: "extended",
    key: "unasked-answer",
    fault: () =>
      turned(
        (pdu) => pdu.bytes.length === 1977,
        ({ bytes }) =>
          bytes
            .with(8, 1966 >> 8)
            .with(9, 1966 & 0xff)
            .slice(0, 1976),
      ),
  },
  {
    id: "mixed.commands-baseline",
    set: "extended",
    key: "wrong-answer",
    fault: () => ({
      up: ({ bytes, isExtended }) => (isExtended || (bytes[0] === 0 && bytes[1] === 0) ? bytes : bytes.with(5, 8)),
    }),
  },
  {
    id: "mixed.windows",
    set: "extended",
    key: "no-answer",
    fault: () => turned((pdu) => pdu.type === MT.downloadSection && !pdu.isExtended, lose),
  },
  {
    id: "mixed.get",
    set: "extended",
    key: "no-answer",
    fault: () => turned((pdu) => pdu.type === MT.get && !pdu.isExtended, lose),
  },
];

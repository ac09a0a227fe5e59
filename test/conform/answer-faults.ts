/** Faults in how an ONT answers: what it says of its MEs, of what it does not know, in which form and with which trailer. */
import { MT } from "../../omci/index.ts";
import { answers, attribute, flagsMask, type Frame, type Injected, second, turned, validAt } from "./faults.ts";

const withByte = (at: number, value: number) => (pdu: Frame) => pdu.bytes.with(at, value);

export const answerFaults: readonly Injected[] = [
  { id: "me.flags", key: "wrong-attribute", fault: () => attribute(flagsMask, (values) => (values[validAt] = 3)) },
  {
    id: "me.invariants",
    key: "wrong-attribute",
    fault: () => attribute(flagsMask, (values, { instanceId }) => instanceId === 0 && (values[validAt] = 0)),
  },
  { id: "me.one-by-one", key: "wrong-attribute", fault: () => attribute(0x8000, (values) => (values[3]! ^= 1)) },
  {
    id: "me.product-code",
    key: "wrong-attribute",
    fault: () => attribute(0x0800, (_values, { contents }) => (contents[1] = 0)),
  },
  {
    id: "me.all-at-once",
    set: "extended",
    key: "wrongly-refused",
    fault: () => attribute(0xf800, (_values, { contents }) => (contents[0] = 9)),
  },
  {
    id: "me.unknown-attribute",
    key: "wrong-attribute",
    fault: () => attribute(0x1000, (_values, { contents }) => contents.fill(0, 28, 30)),
  },
  {
    id: "me.unknown-class",
    key: "wrong-result",
    fault: () => answers(MT.get, ({ classId, contents }) => void (classId === 60_000 && (contents[0] = 5))),
  },
  {
    id: "me.omcc-version",
    key: "wrong-attribute",
    fault: () => answers(MT.get, ({ classId, values }) => void (classId === 257 && (values[0] = 0x10))),
  },
  {
    id: "me.repeated-get",
    key: "wrong-attribute",
    fault: () => {
      let count = 0;
      return attribute(flagsMask, (values) => (values[0] = count++));
    },
  },
  { id: "me.repeat-of-instances", key: "no-answer", fault: () => ({ quirk: { answersMax: 60 } }) },
  {
    id: "unknown.message-type",
    key: "wrongly-accepted",
    fault: () => answers(31, ({ contents }) => void (contents[0] = 0)),
  },
  {
    id: "unknown.device",
    key: "unasked-answer",
    fault: () => turned((pdu) => pdu.bytes[3] === 0x0c, withByte(3, 0x0a)),
  },
  {
    id: "unknown.answer",
    key: "unasked-answer",
    fault: () => turned((pdu) => pdu.bytes[2] === 0x29, withByte(2, 0x49)),
  },
  {
    id: "unknown.cut-short",
    key: "unasked-answer",
    fault: () =>
      turned(
        (pdu) => pdu.bytes.length === 9,
        ({ bytes }) => Uint8Array.from([...bytes, ...new Uint8Array(31), 0, 0, 0, 40]),
      ),
  },
  {
    id: "unknown.contents-length",
    set: "extended",
    key: "unasked-answer",
    fault: () => turned((pdu) => pdu.bytes[9] === 200, withByte(9, 2)),
  },
  {
    id: "unknown.class-of-commands",
    key: "wrongly-accepted",
    fault: () => answers(MT.commitImage, ({ classId, contents }) => void (classId === 257 && (contents[0] = 0))),
  },
  { id: "trailer.answers", key: "wrong-trailer", fault: () => answers(MT.get, ({ bytes }) => void (bytes[47]! ^= 1)) },
  { id: "trailer.wrong-get", key: "unasked-answer", fault: () => ({ ignoresTrailer: true }) },
  { id: "trailer.wrong-section", key: "wrongly-accepted", fault: () => ({ ignoresTrailer: true }) },
  { id: "trailer.wrong-activate", key: "unasked-answer", fault: () => ({ ignoresTrailer: true }) },
  { id: "trailer.wrong-end", key: "unasked-answer", fault: () => ({ ignoresTrailer: true }) },
  {
    id: "form.padding",
    key: "wrong-form",
    fault: () => answers(MT.startDownload, ({ contents }) => void (contents[20] = 0x20)),
  },
  {
    id: "form.extended-length",
    set: "extended",
    key: "wrong-form",
    fault: () =>
      answers(MT.startDownload, ({ bytes }) => {
        const longer = Uint8Array.from([...bytes.subarray(0, 13), 0, ...bytes.subarray(13)]);
        longer[9]! += 1;
        return longer;
      }),
  },
  { id: "form.answer-time", key: "late-answer", fault: () => ({ quirk: { answerDelayNs: 1.2 * second } }) },
];

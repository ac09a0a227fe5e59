/** Cases: End download takes an image only if size and CRC-32 are right, and only when all of it was sent. */
import { type ConformCase, step, type Step } from "../case.ts";
import { framedResultOf } from "../link.ts";
import { expectResult } from "../tester.ts";
import {
  emptyTarget,
  flags,
  freshDownload,
  g988,
  noDownload,
  startAny,
  startWindow,
  startAndSendAll,
} from "./steps.ts";

const UNKNOWN_INSTANCE = 0xfefe;

/** Steps behind an End that failed. */
const afterFailure = [flags("after the failed End", "1/1/1", "0/0/0"), noDownload, freshDownload];
const swapBytes = (value: number): number => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes.readUInt32LE();
};

type WrongEnd = Pick<ConformCase, "id" | "title" | "clause" | "objective" | "pass"> & { before: Step; end: Step };

/** An End that must fail, and what has to be true behind it. */
const wrongEnd = ({ before, end, ...each }: WrongEnd): ConformCase =>
  g988({ ...each, preconditions: ["image", "free"], steps: [before, end, ...afterFailure] });

/** End of a download that is not as it says. */
export const endCases = [
  wrongEnd({
    id: "end.wrong-crc",
    title: "End with a wrong CRC",
    clause: "I.3",
    objective: "An image whose CRC does not match is refused: the download is over (S2 to S1).",
    before: startAndSendAll,
    end: step("End with one bit of the CRC changed: the final answer is 1.", (t) =>
      t.download.end({
        crc32: (t.download.image.crc32 ^ 1) >>> 0,
        expect: [1],
        seen: "the CRC was not that of the image",
      }),
    ),
    pass: "End 1, target not valid, sections refused; a new download succeeds.",
  }),
  wrongEnd({
    id: "end.swapped-crc",
    title: "End with the CRC's bytes swapped",
    clause: "I.363.5",
    objective: "The CRC is big-endian; its bytes the other way round are a wrong CRC.",
    before: startAndSendAll,
    end: step("End with the CRC's bytes in reverse order: the final answer is 1.", (t) =>
      t.download.end({ crc32: swapBytes(t.download.image.crc32), expect: [1], seen: "the CRC's bytes were swapped" }),
    ),
    pass: "End 1, target not valid; a new download succeeds.",
  }),
  wrongEnd({
    id: "end.zero-crc",
    title: "End with CRC 0 and the right size",
    clause: "I.3",
    objective: "No CRC is a wrong CRC.",
    before: startAndSendAll,
    end: step("End with CRC 0: the final answer is 1.", (t) =>
      t.download.end({ crc32: 0, expect: [1], seen: "the CRC was 0" }),
    ),
    pass: "End 1, target not valid; a new download succeeds.",
  }),
  wrongEnd({
    id: "end.wrong-size",
    title: "End with another size than Start",
    clause: "I.3",
    objective: "Size and CRC both have to hold.",
    before: startAndSendAll,
    end: step("End with one byte less than Start said: the final answer is 1 or 3.", (t) => {
      const imageBytes = t.download.image.bytes.length - 1;
      return t.download.end({ imageBytes, expect: [1, 3], seen: "the size was one byte short" });
    }),
    pass: "End 1 or 3, target not valid, sections refused; a new download succeeds.",
  }),
  wrongEnd({
    id: "end.before-last-section",
    title: "End before the last section",
    clause: "I.3",
    objective: "An image that is not whole is no image: neither 0 nor 6.",
    before: step("Start and send all windows but the last.", async (t) => {
      await startWindow(t, 8);
      while (t.download.remainingSections > 8) await t.download.window();
    }),
    end: step("End with CRC and size of the whole image: the final answer is 1.", (t) =>
      t.download.end({ expect: [1, 3], seen: "the last window was never sent" }),
    ),
    pass: "An error, target not valid; a new download succeeds.",
  }),
  wrongEnd({
    id: "end.with-gap",
    title: "End while a window has a gap",
    clause: "I.3",
    objective: "A window that was answered 1 and not repeated is missing.",
    before: step("Start and send all windows but the last; send the last one without its first section.", async (t) => {
      await startWindow(t, 8);
      while (t.download.remainingSections > 10) await t.download.window();
      if (t.download.remainingSections > 8) await t.download.window({ sections: t.download.remainingSections - 4 });
      await t.download.window({ lose: [0], expect: [1] });
    }),
    end: step("End with CRC and size of the whole image: the final answer is 1.", (t) =>
      t.download.end({ expect: [1, 3], seen: "a section of the last window was never sent" }),
    ),
    pass: "An error, target not valid; a new download succeeds.",
  }),
  wrongEnd({
    id: "end.at-once",
    title: "End right after Start",
    clause: "I.3",
    objective: "A download without any section is no image.",
    before: startAny,
    end: step("End with CRC and size of the image: the final answer is 1.", (t) =>
      t.download.end({ expect: [1, 3], seen: "no section was sent" }),
    ),
    pass: "An error, target not valid; a new download succeeds.",
  }),
  g988({
    id: "end.without-start",
    title: "End without Start",
    clause: "9.1.4",
    objective: "End is legal on the instance being downloaded alone.",
    preconditions: ["free"],
    steps: [
      emptyTarget,
      step("End on the target: it is refused.", async (t) => {
        t.refused("End without a download", framedResultOf(await t.download.askEnd({ crc32: 1, imageBytes: 1000 })));
      }),
      flags("after an End without a download", "1/1/1", "0/0/0"),
    ],
    pass: "An error; the target is not valid.",
  }),
  g988({
    id: "end.other-instance",
    title: "End on the image that runs",
    clause: "9.1.4",
    objective: "An End for another instance neither ends nor spoils a download.",
    preconditions: ["image", "free"],
    steps: [
      startAndSendAll,
      step("End on the original: it is refused.", async (t) => {
        t.refused(
          "End on the image that runs",
          framedResultOf(await t.download.askEnd({ instanceId: t.images.original })),
        );
      }),
      step("End on the target.", (t) => t.download.end()),
    ],
    pass: "An error, then 0.",
  }),
  g988({
    id: "end.unknown-instance",
    title: "End on an instance that is not there",
    clause: "11.2",
    objective: "Unknown instances are told by result 5.",
    preconditions: ["free"],
    steps: [
      step("End on instance 0xFEFE.", async (t) => {
        expectResult(
          "End on an unknown instance",
          framedResultOf(await t.download.askEnd({ instanceId: UNKNOWN_INSTANCE })),
          [5],
        );
      }),
    ],
    pass: "Result 5.",
  }),
  g988({
    id: "end.repeated",
    title: "End repeated to the bit",
    clause: "B.2",
    objective: "The repeat of an End whose answer was lost gets the same answer.",
    preconditions: ["image", "free"],
    steps: [
      startAndSendAll,
      step("End until it is answered 0, and the same frame once more.", async (t) => {
        await t.download.end();
        const tci = t.link.nextTci();
        for (let times = 0; times < 2; times++) {
          expectResult("the repeat of a good End", framedResultOf(await t.download.askEnd({ tci })), [0]);
        }
      }),
      flags("after the repeats", "1/1/1", "0/0/1"),
    ],
    pass: "0 each time; the image stays valid.",
  }),
  g988({
    id: "end.wrong-after-good",
    title: "A wrong End after a good one",
    clause: "figure 9.1.4-1",
    objective: "A stored image cannot be lost by an End.",
    preconditions: ["stored"],
    steps: [
      step("End on the target with a wrong CRC: it is refused.", async (t) => {
        t.refused(
          "End without a download",
          framedResultOf(await t.download.askEnd({ crc32: (t.download.image.crc32 ^ 1) >>> 0 })),
        );
      }),
      flags("after an End in S3", "1/1/1", "0/0/1"),
    ],
    pass: "An error; the image stays valid.",
  }),
];

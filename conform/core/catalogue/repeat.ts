/** Cases: a window or a command is repeated because its answer got lost, and counts once. */
import { step } from "../case.ts";
import { range } from "../download.ts";
import type { Tester } from "../tester.ts";
import { complete, end, g988, start } from "./steps.ts";

/** Windows and commands that come again. */
export const repeatCases = [
  g988({
    id: "repeat.window-same-tcis",
    title: "The answer to a window is lost, the window comes again with the same TCIs",
    clause: "I.3, B.2",
    objective: "A window that was taken is answered again and not stored twice.",
    preconditions: ["image", "free"],
    steps: [
      start(8),
      step(
        "Send a window and, as if its answer were lost, the same frames once more: both answers are 0.",
        async (t) => {
          const base = t.link.nextTci(8);
          await t.download.window({ base });
          await windowAgain(t, base, range(8));
        },
      ),
      step("Send the next window: the answer is 0.", (t) =>
        t.download.window({ seen: "the window before was repeated" }),
      ),
      ...complete,
    ],
    pass: "All windows and the End are answered 0.",
  }),
  g988({
    id: "repeat.ar-same-tci",
    title: "The answer to a window is lost, its last section comes again",
    clause: "I.3, B.2",
    objective: "The section with AR alone is enough to get the answer again.",
    preconditions: ["image", "free"],
    steps: [
      start(8),
      step("Send a window, then once more its section 7 with the same TCI: both answers are 0.", async (t) => {
        const base = t.link.nextTci(8);
        await t.download.window({ base });
        await windowAgain(t, base, [7]);
      }),
      ...complete,
    ],
    pass: "Both answers are 0, and the End is.",
  }),
  g988({
    id: "repeat.last-window",
    title: "The last window of the image comes again with the same TCIs",
    clause: "I.3, B.2",
    objective: "The repeat is answered 0 although the image is complete.",
    preconditions: ["image", "free"],
    steps: [
      start(8),
      step("Send all windows but the last.", async (t) => {
        while (t.download.remainingSections > 8) await t.download.window();
      }),
      step("Send the last window twice, with the same TCIs: both answers are 0.", async (t) => {
        const sections = t.download.remainingSections;
        const base = t.link.nextTci(sections);
        await t.download.window({ base });
        await windowAgain(t, base, range(sections));
      }),
      end,
    ],
    pass: "Both answers are 0, and the End is.",
  }),
  g988({
    id: "repeat.window-new-tcis",
    title: "A window that was taken comes again with new TCIs",
    clause: "I.3",
    objective:
      "By number and TCI alone the ONT cannot tell this from the next window. It may recognise it or store it twice, but an image that came out wrong is not called valid.",
    preconditions: ["image", "free"],
    steps: [
      start(8),
      step("Send a window that is answered 0, then the same data with new TCIs: any answer.", async (t) => {
        await t.download.window();
        await windowAgain(t, t.link.nextTci(8), range(8), [0, 1]);
      }),
      step("Send the windows that are left, as long as they are answered 0, and End.", finishAnyhow),
      step("Read the target: valid only if End was answered 0.", checkOutcome),
      step("Download the whole image: End is answered 0.", (t) => t.download.whole()),
    ],
    pass: "End 0 and valid, or an error and not valid; a new download succeeds.",
  }),
];

/** Ends a download that may have gone wrong. */
async function finishAnyhow(t: Tester): Promise<void> {
  while (t.download.remainingBytes > 0) {
    const { message } = await t.download.window({ expect: [0, 1, 3] });
    if (message.result !== 0) break;
  }
  await t.download.endResult();
}

async function checkOutcome(t: Tester): Promise<void> {
  const { endedWith } = t.download;
  await t.images.expect("1/1/1", endedWith === 0 ? "0/0/1" : "0/0/0", `after an End that was answered ${endedWith}`);
}

/** Frames of the window that was accepted last, once more. */
async function windowAgain(
  t: Tester,
  base: number,
  order: readonly number[],
  expect: readonly number[] = [0],
): Promise<void> {
  const { last } = t.download;
  if (last === undefined) throw new RangeError("no window was sent");
  const { sectionBytes, offsetBytes } = t.download;
  const from = offsetBytes - last.dataBytes;
  const since = t.link.inbox.length;
  for (const number of order) {
    await t.download.section(number, {
      tci: base + number,
      offsetBytes: from + number * sectionBytes,
      sectionBytes,
      ackRequested: number === last.sections - 1,
    });
  }
  await t.download.repeatAnswer({ ...last, base, since }, expect);
}

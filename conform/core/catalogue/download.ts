/** Cases: images arrive whole with windows of every size, whether the last window is short or padded. */
import { step, type ConformCase } from "../case.ts";
import { CannotTest, CaseFailure } from "../failure.ts";
import type { Tester } from "../tester.ts";
import { end, field, flags, g988, rest, start, startWindow } from "./steps.ts";

/** Windows of a size that does not divide the image, so that the last one is never full. */
async function unevenWindows(t: Tester, windowSections: number, padLast: boolean): Promise<void> {
  if (t.download.remainingSections <= windowSections)
    throw new CannotTest(`the image has no more than ${windowSections} sections`);
  if (t.download.remainingSections % windowSections === 0) await t.download.window({ sections: windowSections - 1 });
  await t.download.rest({ sections: windowSections, padLast });
}

const shortLast = (windowSections: number): ConformCase =>
  g988({
    id: `download.short-${windowSections}`,
    title: `Whole image in windows of ${windowSections}, the last one short`,
    clause: "I.3",
    objective: "The last window of an image has as many sections as are left.",
    preconditions: ["image", "free"],
    steps: [
      start(windowSections),
      step("Send all windows; AR is on the last section of each, in the last window on the last that is left.", (t) =>
        unevenWindows(t, windowSections, false),
      ),
      end,
      flags("after the download", "1/1/1", "0/0/1"),
    ],
    pass: "Every window and the End are answered 0; the target is valid then.",
  });

const paddedLast = (windowSections: number): ConformCase =>
  g988({
    id: `download.padded-${windowSections}`,
    title: `Whole image in windows of ${windowSections}, the last one padded`,
    clause: "I.3",
    objective: "The last window may be filled up with null sections; CRC and size do not count them.",
    preconditions: ["image", "free"],
    only: "baseline",
    steps: [
      start(windowSections),
      step(`Send all windows with ${windowSections} sections each, the last one filled up with null sections.`, (t) =>
        unevenWindows(t, windowSections, true),
      ),
      end,
      flags("after the download", "1/1/1", "0/0/1"),
    ],
    pass: "Every window and the End are answered 0; the target is valid then.",
  });

/** Whole downloads. */
export const downloadCases = [
  shortLast(16),
  shortLast(32),
  shortLast(64),
  paddedLast(16),
  paddedLast(32),
  paddedLast(64),
  g988({
    id: "download.version",
    title: "Version of the downloaded image",
    clause: "9.1.4",
    objective: "The version attribute tells what was downloaded.",
    preconditions: ["stored"],
    steps: [
      step("Get the version of the target.", async (t) => {
        const { version, frame } = await t.images.read(t.images.target);
        const wanted = t.download.image.version;
        if (wanted === undefined ? version !== "" : version === wanted) return;
        const text =
          wanted === undefined
            ? "the version is empty"
            : `the version is ${JSON.stringify(version)}, not ${JSON.stringify(wanted)}`;
        throw new CaseFailure("wrong-version", text, frame);
      }),
    ],
    pass: "The version of the image where the file tells it; otherwise any but an empty one.",
  }),
  g988({
    id: "download.withdraws-valid",
    title: "A new download withdraws the old image",
    clause: "9.1.4, figure 9.1.4-1",
    objective: "An image that is being overwritten is not valid (S3 to S2).",
    preconditions: ["stored"],
    steps: [
      step("Start on the target, which holds a valid image, and send one window.", async (t) => {
        await startWindow(t, 8);
        await t.download.window();
      }),
      flags("while the target is overwritten", "1/1/1", "0/0/0"),
    ],
    pass: "The target is not valid.",
  }),
  g988({
    id: "download.over-valid",
    title: "Download over a valid image",
    clause: "9.1.4, figure 9.1.4-1",
    objective: "S3, S2 and back to S3.",
    preconditions: ["stored"],
    steps: [
      step("Download the whole image once more.", (t) => t.download.whole()),
      flags("after the second download", "1/1/1", "0/0/1"),
    ],
    pass: "The download ends with 0, the target is valid.",
  }),
  g988({
    id: "download.leaves-original",
    title: "A download leaves the running image alone",
    clause: "9.1.4",
    objective: "Active, committed and valid of the running image do not change from Start to End.",
    preconditions: ["image", "free"],
    steps: [
      step("Start.", (t) => startWindow(t, 8)),
      flags("after Start", "1/1/1", "0/0/0"),
      step("Send one window.", (t) => t.download.window()),
      flags("after the first window", "1/1/1", "0/0/0"),
      rest,
      flags("after the last window", "1/1/1", "0/0/0"),
      end,
      flags("after End", "1/1/1", "0/0/1"),
    ],
    pass: "The original is 1/1/1 throughout; the target is valid after End and not before.",
  }),
  field({
    id: "download.list-of-zero",
    title: "The list of instances names 0, whatever the target",
    clause: "9.1.4",
    objective:
      "VOLTHA writes one instance, 0, into the lists of Start and End: what counts is the instance in the header.",
    preconditions: ["image", "free"],
    steps: [
      step("Start with the list [0].", (t) => t.download.start({ instances: [0] })),
      rest,
      step("End with the list [0].", (t) => t.download.end({ instances: [0] })),
      flags("after the download", "1/1/1", "0/0/1"),
    ],
    pass: "The download goes to the instance in the header.",
  }),
  field({
    id: "download.pace",
    title: "Windows answered fast enough for an image of 16 MiB",
    clause: "I.3",
    objective:
      "VOLTHA gives an image of 16 MiB five hours. In windows of 16 baseline sections that is 33,826 windows: one each 532 ms.",
    preconditions: ["image", "free"],
    only: "baseline",
    steps: [
      step(
        "Start with a window of 16 and send eight windows; measure from the AR section to its answer.",
        async (t) => {
          await startWindow(t, 16);
          let elapsedNs = 0;
          let frame = 0;
          for (let window = 0; window < 8; window++) {
            const answer = await t.download.window();
            elapsedNs += answer.elapsedNs / 8;
            frame = answer.frame.number;
          }
          if (elapsedNs <= t.link.durationNs(532)) return;
          throw new CaseFailure(
            "too-slow",
            `a window takes ${Math.round(elapsedNs / 1e6)} ms from its last section to the answer`,
            frame,
          );
        },
      ),
    ],
    pass: "An answer takes 532 ms at most, on average over eight windows.",
  }),
];

/** Cases: Start download begins a download or refuses it, and without one sections are refused. */
import { framedResultOf } from "../link.ts";
import { step } from "../case.ts";
import { expectResult, type Tester } from "../tester.ts";
import { complete, field, flags, freshDownload, g988, noDownload, startWindow } from "./steps.ts";

const UNKNOWN_INSTANCE = 0xfefe;
/** Marker of a parallel download to several circuit packs. */
const PARALLEL_MARKER = 0xffff;

async function startRefused(t: Tester, what: string, instanceId: number): Promise<void> {
  const { message, frame } = await t.download.askStart({ instanceId });
  t.refused(what, { result: message.result, frame: frame.number });
}

/** Start, and sections without one. */
export const startCases = [
  g988({
    id: "start.running",
    title: "Start on the image that runs",
    clause: "9.1.4",
    objective: "Start is legal on an image that is neither active nor committed.",
    preconditions: ["free"],
    steps: [
      step("Start on the original: it is refused.", (t) =>
        startRefused(t, "Start on the active, committed image", t.images.original),
      ),
      flags("after a refused Start", "1/1/1", "0/0/*"),
    ],
    pass: "An error; the images are as before.",
  }),
  g988({
    id: "start.on-trial",
    title: "Start while an image is on trial",
    clause: "9.1.4, figure 9.1.4-1",
    objective: "In S4 one image is active and the other committed: no Start is legal.",
    preconditions: ["trial"],
    steps: [
      step("Start on the target, which is active: it is refused.", (t) =>
        startRefused(t, "Start on the active image", t.images.target),
      ),
      step("Start on the original, which is committed: it is refused.", (t) =>
        startRefused(t, "Start on the committed image", t.images.original),
      ),
      flags("after refused Starts", "1/0/1", "0/1/1"),
    ],
    pass: "Errors; the images are as before.",
  }),
  g988({
    id: "start.unknown-instance",
    title: "Start on an instance that is not there",
    clause: "11.2",
    objective: "Unknown instances are told by result 5.",
    preconditions: ["free"],
    steps: [
      step("Start on instance 0xFEFE.", async (t) => {
        expectResult(
          "Start on an unknown instance",
          framedResultOf(await t.download.askStart({ instanceId: UNKNOWN_INSTANCE })),
          [5],
        );
      }),
    ],
    pass: "Result 5.",
  }),
  field({
    id: "start.parallel-marker",
    title: "Start on instance 0xFFFF",
    clause: "9.1.4",
    objective: "An ONT of one piece has no circuit packs to serve in parallel, and says so.",
    preconditions: ["free"],
    steps: [
      step("Start on instance 0xFFFF: it is refused.", (t) => startRefused(t, "Start on 0xFFFF", PARALLEL_MARKER)),
    ],
    pass: "An error.",
  }),
  field({
    id: "start.too-large",
    title: "Start of an image of 4 GiB",
    clause: "9.1.4",
    objective: "An image that cannot be stored is refused before it is sent.",
    preconditions: ["free"],
    steps: [
      step("Start with a size of 4294967295 bytes.", async (t) => {
        expectResult(
          "Start of 4 GiB",
          framedResultOf(await t.download.askStart({ imageBytes: 0xffffffff })),
          [1, 3, 6],
        );
      }),
    ],
    pass: "1, 3 or 6.",
  }),
  g988({
    id: "start.again",
    title: "Start during a download",
    clause: "figure 9.1.4-1",
    objective: "A Start on the instance that is being downloaded begins the download anew (S2 to S2).",
    preconditions: ["image", "free"],
    steps: [
      step("Start, send one window whole and half of the next.", async (t) => {
        await startWindow(t, 8);
        await t.download.window();
        await t.download.sendWindow({ lose: [4, 5, 6, 7] });
      }),
      freshDownload,
      flags("after the second download", "1/1/1", "0/0/1"),
    ],
    pass: "The second download ends with 0.",
  }),
  g988({
    id: "start.again-other-size",
    title: "Start during a download, with another size and window",
    clause: "figure 9.1.4-1, I.3",
    objective: "The last Start counts, with all it says.",
    preconditions: ["image", "free"],
    steps: [
      step(
        "Start with half the size and a window of 4, send one window: 0, or 1 where the ONT sees the wrong size.",
        async (t) => {
          await t.download.start({ windowSections: 4, imageBytes: t.download.image.bytes.length >> 1 });
          await t.download.window({ expect: [0, 1] });
        },
      ),
      step("Start with the right size and a window of 16.", (t) => t.download.start({ windowSections: 16 })),
      ...complete,
    ],
    pass: "All windows of the second download and its End are answered 0.",
  }),
  g988({
    id: "start.repeated",
    title: "Start repeated to the bit",
    clause: "B.2",
    objective: "The repeat of a Start whose answer was lost is answered alike and counts once.",
    preconditions: ["image", "free"],
    steps: [
      step("Send the same Start twice, with the same TCI: both answers are 0 with the same window.", async (t) => {
        const tci = t.link.nextTci();
        await t.download.start({ tci });
        const { granted } = t.download;
        await t.download.start({ tci });
        expectResult("the repeated Start's window", { result: t.download.granted, frame: t.evidence.count }, [granted]);
      }),
      ...complete,
    ],
    pass: "Both answers are 0 with one window; the download succeeds.",
  }),
  g988({
    id: "section.without-start",
    title: "Section without Start",
    clause: "9.1.4",
    objective: "Sections are legal during a download alone.",
    preconditions: ["image", "free"],
    steps: [
      noDownload,
      step("Send a section without AR and wait: no answer.", async (t) => {
        const since = t.link.inbox.length;
        const { sectionBytes } = t.download;
        await t.download.section(0, { tci: t.link.nextTci(), offsetBytes: 0, sectionBytes, ackRequested: false });
        await t.link.silence("the section had no AR", since);
      }),
      flags("after sections without a download", "1/1/1", "0/0/*"),
    ],
    pass: "An error to the section with AR, silence to the one without.",
  }),
  g988({
    id: "section.after-end",
    title: "Section after End",
    clause: "figure 9.1.4-1",
    objective: "A stored image takes no more sections (S3).",
    preconditions: ["stored"],
    steps: [noDownload, flags("after a section in S3", "1/1/1", "0/0/1")],
    pass: "An error; the image stays valid.",
  }),
];

/** Cases: the OLT gives a download up (G.988 I.3), in each of its states. An image that is stored stays. */
import { framedResultOf } from "../link.ts";
import { RESULT } from "../../../omci/index.ts";
import { type ConformCase, step, type Step } from "../case.ts";
import { CaseFailure } from "../failure.ts";
import { expectResult, type Tester } from "../tester.ts";
import { flags, freshDownload, g988, noDownload, startAndSendAll, startWindow, storing } from "./steps.ts";

const abort = step("End with size 0 and CRC 0xFFFFFFFF: the answer is 0 or an error.", async (t) => {
  expectResult("the End that gives the download up", framedResultOf(await t.download.abort()), [0, 1, 2, 3]);
});

/** An abort in one phase of a download. */
const inPhase = (name: string, title: string, phase: Step): ConformCase =>
  g988({
    id: `abort.${name}`,
    title,
    clause: "I.3",
    objective: "An End with size and CRC known to be wrong ends the download at any moment: both sides are in S1.",
    preconditions: ["image", "free"],
    steps: [phase, abort, flags("after the abort", "1/1/1", "0/0/0"), noDownload, freshDownload],
    pass: "The target is not valid, sections are refused; a new download succeeds.",
  });

/** Giving a download up, in each of its states. */
export const abortCases = [
  inPhase(
    "after-start",
    "Abort right after Start",
    step("Start on the target.", (t) => t.download.start()),
  ),
  inPhase(
    "in-window",
    "Abort in the middle of a window",
    step("Start and send half a window.", async (t) => {
      await startWindow(t, 8);
      await t.download.sendWindow({ lose: [4, 5, 6, 7] });
    }),
  ),
  inPhase(
    "between-windows",
    "Abort between two windows",
    step("Start and send one window.", async (t) => {
      await startWindow(t, 8);
      await t.download.window();
    }),
  ),
  inPhase(
    "after-gap",
    "Abort after a window with a gap",
    step("Start and send a window without section 3: the answer is 1.", async (t) => {
      await startWindow(t, 8);
      await t.download.window({ lose: [3], expect: [1] });
    }),
  ),
  inPhase(
    "before-end",
    "Abort after the last window",
    step("Start and send all windows.", async (t) => {
      await t.download.start();
      await t.download.rest();
    }),
  ),
  g988({
    id: "abort.zero-crc",
    title: "Abort with CRC 0",
    clause: "I.3",
    objective: "The standard suggests all zeros for the size and CRC that are known to be wrong.",
    preconditions: ["image", "free"],
    steps: [
      step("Start and send one window.", async (t) => {
        await startWindow(t, 8);
        await t.download.window();
      }),
      step("End with size 0 and CRC 0: the answer is 0 or an error.", async (t) => {
        const { message, frame } = await t.download.abort({ crc32: 0 });
        expectResult(
          "the End that gives the download up",
          { result: message.result, frame: frame.number },
          [0, 1, 2, 3],
        );
      }),
      flags("after the abort", "1/1/1", "0/0/0"),
      noDownload,
      freshDownload,
    ],
    pass: "The target is not valid, sections are refused; a new download succeeds.",
  }),
  g988({
    id: "abort.while-storing",
    title: "Abort while the image is stored",
    clause: "I.3",
    objective: "It may come too late, but it does no harm: the image is either given up or stored.",
    preconditions: ["image", "free"],
    steps: [startAndSendAll, storing, abort, flags("after the abort", "1/1/1", "0/0/*"), freshDownload],
    pass: "The original is as before; a new download succeeds.",
  }),
  g988({
    id: "abort.while-storing-end",
    title: "End behind an abort while the image was stored",
    clause: "I.3",
    objective: "What an End says of the image must be so, whatever the abort before it came to.",
    preconditions: ["image", "free"],
    steps: [
      startAndSendAll,
      storing,
      abort,
      step("The same End again: 0 only if the target is valid, an error only if it is not.", endTellsTheTruth),
      freshDownload,
    ],
    pass: "The answer agrees with the flag; a new download succeeds.",
  }),
  g988({
    id: "abort.without-download",
    title: "Abort without a download",
    clause: "I.3",
    objective: "An abort that finds nothing to give up changes nothing.",
    preconditions: ["free"],
    steps: [abort, flags("after the abort", "1/1/1", "0/0/*"), freshStart()],
    pass: "The images are as before; a Start is accepted.",
  }),
  g988({
    id: "abort.stored",
    title: "Abort after the image is stored",
    clause: "figure 9.1.4-1",
    objective: "A stored image cannot be given up (S3).",
    preconditions: ["stored"],
    steps: [abort, flags("after the abort", "1/1/1", "0/0/1")],
    pass: "The target stays valid.",
  }),
  g988({
    id: "abort.trial",
    title: "Abort while an image is on trial",
    clause: "figure 9.1.4-1",
    objective: "A running image cannot be given up (S4).",
    preconditions: ["trial"],
    steps: [abort, flags("after the abort", "1/0/1", "0/1/1")],
    pass: "Both images are as before.",
  }),
];

async function endTellsTheTruth(t: Tester): Promise<void> {
  const { message, frame } = await t.download.endResult();
  const { valid } = await t.images.read(t.images.target);
  if ((message.result === RESULT.ok) === (valid === 1)) return;
  const text = `End was answered ${message.result}, yet the target is ${valid === 1 ? "valid" : "not valid"}`;
  throw new CaseFailure("wrong-flags", text, frame.number, "I.3");
}

function freshStart(): Step {
  return step("Start on the target: the answer is 0.", (t) => t.download.start());
}

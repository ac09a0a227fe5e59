/** Cases: how answers look, byte for byte, how soon they come, and what becomes of frames with a wrong trailer. */
import { SOFTWARE_IMAGE } from "../../../omci/index.ts";
import { step } from "../case.ts";
import { CaseFailure, NotApplicable } from "../failure.ts";
import { flagsMask } from "../images.ts";
import type { Answer } from "../link.ts";
import type { Tester } from "../tester.ts";
import { limits } from "../transport.ts";
import { complete, end, flags, g988, start, stillAnswers } from "./steps.ts";

const TRAILER_BYTES = 4;

/** Deviations that any answer may show, in words. */
const deviationTexts: Readonly<Record<string, string>> = {
  "nonzero-padding": "the unused contents are not zero",
  "sdu-length-not-40": "the SDU length is not 40",
  "reserved-bit": "the DB bit is set",
  "ar-unexpected": "AR is set in an answer",
  "trailing-bytes": "there are bytes behind the last field",
  "no-instance-count": "the count of instances is missing",
};

function wellFormed({ deviations, frame }: Answer, judged: readonly string[]): void {
  const deviation = deviations.find((each) => judged.includes(each));
  if (deviation !== undefined)
    throw new CaseFailure("wrong-form", deviationTexts[deviation] ?? deviation, frame.number);
}

/** An answer to each kind of request that changes nothing for good. */
async function oneOfEach(t: Tester): Promise<Answer[]> {
  const answers: Answer[] = [await t.link.ask({ type: "getRequest", attributeMask: flagsMask })];
  answers.push(await t.download.askStart({ windowSections: 8 }));
  answers.push(await t.download.window());
  answers.push(await t.download.abort());
  return answers;
}

/** The bytes of answers, the trailer, and the time they take. */
export const formCases = [
  g988({
    id: "form.padding",
    title: "Unused bytes and bits of baseline answers",
    clause: "11.2",
    objective: "Baseline answers are zero padded, have SDU length 40, and neither DB nor AR.",
    preconditions: ["image", "free"],
    only: "baseline",
    steps: [
      step("Look at the answers to a Get, a Start, a window and an End.", async (t) => {
        for (const answer of await oneOfEach(t))
          wellFormed(answer, ["nonzero-padding", "sdu-length-not-40", "reserved-bit", "ar-unexpected"]);
      }),
    ],
    pass: "All unused bytes and bits are zero.",
  }),
  g988({
    id: "form.extended-length",
    title: "Length of extended answers",
    clause: "A.2.23 to A.2.32",
    objective: "Extended answers are as long as their fields and have neither DB nor AR.",
    preconditions: ["image", "free"],
    only: "extended",
    steps: [
      step("Look at the answers to a Get, a Start, a window and an End.", async (t) => {
        for (const answer of await oneOfEach(t))
          wellFormed(answer, ["trailing-bytes", "reserved-bit", "ar-unexpected"]);
      }),
    ],
    pass: "No byte follows the last field.",
  }),
  g988({
    id: "form.instance-count",
    title: "Count of instances in Start and End answers",
    clause: "A.2.23 to A.2.32",
    objective: "Extended Start and End answers carry the number of instances that respond, if only to say none.",
    preconditions: ["image", "free"],
    only: "extended",
    steps: [
      step("Look at the answers to a Start and an End.", async (t) => {
        for (const answer of await oneOfEach(t)) wellFormed(answer, ["no-instance-count"]);
      }),
    ],
    pass: "The count is there: at least 3 bytes of contents in the Start answer, 2 in the End answer.",
  }),
  g988({
    id: "form.answer-time",
    title: "Answers within a second",
    clause: "B.2",
    objective: "Every request but an End of a whole image is answered within about a second.",
    preconditions: ["image", "free"],
    steps: [
      step("Measure the answers to a Get, a Start, a window and an End that aborts.", async (t) => {
        for (const { frame, elapsedNs } of await oneOfEach(t)) {
          if (elapsedNs <= t.link.durationNs(limits.answerRecommendedMs)) continue;
          throw new CaseFailure("late-answer", `the answer came after ${(elapsedNs / 1e9).toFixed(2)} s`, frame.number);
        }
      }),
    ],
    pass: "No answer takes more than 1 s.",
  }),
  g988({
    id: "trailer.answers",
    title: "Trailer of answers",
    clause: "11.2",
    objective: "What the ONT sends has the trailer of its link.",
    preconditions: ["free", "trailer"],
    steps: [
      step(
        "Check the trailer of the answer to a Get; four zero bytes, as some captures have them, are passed over.",
        async (t) => {
          const { frame } = await t.link.ask({ type: "getRequest", attributeMask: flagsMask });
          const { transport } = t.link;
          const trailer = frame.bytes.subarray(-TRAILER_BYTES);
          if (transport.checkTrailer === undefined || trailer.every((byte) => byte === 0))
            throw new NotApplicable("the ONT's frames carry no trailer");
          if (!transport.checkTrailer(frame.bytes))
            throw new CaseFailure(
              "wrong-trailer",
              `trailer ${Buffer.from(trailer).toString("hex")} is wrong`,
              frame.number,
            );
        },
      ),
    ],
    pass: "The trailer is right.",
  }),
  g988({
    id: "trailer.wrong-get",
    title: "A Get with a wrong trailer",
    clause: "11.2",
    objective: "A damaged frame is dropped without a word.",
    preconditions: ["free", "trailer"],
    steps: [
      step("Send a Get with a wrong trailer: no answer.", async (t) => {
        await t.link.sendDamagedUnanswered(t.link.encode({ type: "getRequest", attributeMask: flagsMask }));
      }),
      stillAnswers,
    ],
    pass: "No answer; Gets are answered afterwards.",
  }),
  g988({
    id: "trailer.wrong-section",
    title: "A section with a wrong trailer",
    clause: "11.2, I.3",
    objective: "A damaged section counts as lost.",
    preconditions: ["image", "free", "trailer"],
    steps: [
      start(8),
      step("Send a window whose section 3 has a wrong trailer: the answer is 1.", (t) =>
        t.download.window({ damage: [3], expect: [1], seen: "the trailer of section 3 was wrong" }),
      ),
      ...complete,
    ],
    pass: "The window is answered 1; sent again it is taken, and End is answered 0.",
  }),
  g988({
    id: "trailer.wrong-activate",
    title: "An Activate with a wrong trailer",
    clause: "11.2",
    objective: "A damaged command has no effect.",
    preconditions: ["stored", "trailer"],
    steps: [
      step("Send Activate of the target with a wrong trailer: no answer.", async (t) => {
        const address = { classId: SOFTWARE_IMAGE, instanceId: t.images.target };
        await t.link.sendDamagedUnanswered(t.link.encode({ type: "activateImageRequest", flags: 0 }, address));
      }),
      flags("after a damaged Activate", "1/1/1", "0/0/1"),
    ],
    pass: "No answer, no restart.",
  }),
  g988({
    id: "trailer.wrong-end",
    title: "An End with a wrong trailer",
    clause: "11.2",
    objective: "A damaged End neither ends nor spoils a download.",
    preconditions: ["image", "free", "trailer"],
    steps: [
      step("Start and send all windows.", async (t) => {
        await t.download.start();
        await t.download.rest();
      }),
      step("Send an End of size 0 with a wrong trailer: no answer.", async (t) => {
        const body = { type: "endDownloadRequest", crc32: 0, imageBytes: 0, instances: [t.images.target] } as const;
        const pdu = t.link.encode({ ...body, instances: [...body.instances] }, { instanceId: t.images.target });
        await t.link.sendDamagedUnanswered(pdu);
      }),
      end,
    ],
    pass: "No answer to the damaged End, 0 to the right one.",
  }),
];

/** Cases: while an ONT stores an image it answers "device busy", and what is sent to it meanwhile does no harm. */
import { type ConformCase, step } from "../case.ts";
import { framedResultOf } from "../link.ts";
import { expectResult } from "../tester.ts";
import { beginStoring, flags, g988, startAndSendAll } from "./steps.ts";

const startSendAllStore = step(
  "Start, send all windows; End with the image's CRC and size is answered 6.",
  async (t) => {
    await t.download.start();
    await t.download.rest();
    await beginStoring(t);
  },
);

const untilStored = step("The same End, repeated while it is answered 6, is answered 0 in the end.", (t) =>
  t.download.end(),
);

/** A case that happens between the first End and the one that is answered 0. */
const whileStoring = ({
  steps,
  ...each
}: Pick<ConformCase, "id" | "title" | "clause" | "objective" | "steps" | "pass">): ConformCase =>
  g988({ ...each, preconditions: ["image", "free"], steps: [startSendAllStore, ...steps] });

/** What an ONT answers while it stores an image. */
export const busyCases = [
  whileStoring({
    id: "busy.valid-at-the-end",
    title: "An image that is being stored is not valid yet",
    clause: "I.3, 9.1.4",
    objective: "Valid is set when the image is stored, not before.",
    steps: [flags("while the image is stored", "1/1/1", "0/0/0"), untilStored, flags("after End", "1/1/1", "0/0/1")],
    pass: "Not valid while End is answered 6, valid after 0.",
  }),
  g988({
    id: "busy.ready-after-zero",
    title: "After End is answered 0, Commit is accepted at once",
    clause: "I.3",
    objective: "0 means that Activate and Commit can be accepted immediately.",
    preconditions: ["image", "free"],
    steps: [
      startAndSendAll,
      step("End until it is answered 0; Commit the target at once: the answer is 0.", async (t) => {
        await t.download.end();
        expectResult("Commit right after End 0", await t.askCommit(t.images.target), [0]);
      }),
      flags("after Commit", "0/1/1", "1/0/1"),
      step("Commit the original again.", (t) => t.commit(t.images.original)),
    ],
    pass: "Commit is answered 0, not 6.",
  }),
  whileStoring({
    id: "busy.start",
    title: "Start while an image is stored",
    clause: "I.3",
    objective: "A Start that cannot be served now is answered with a result that Start has, 6 at best.",
    steps: [
      step("Start on the target: it is not accepted.", async (t) => {
        expectResult("Start while an image is stored", framedResultOf(await t.download.askStart()), [1, 3, 6]);
      }),
      untilStored,
    ],
    pass: "6, 1 or 3; End is answered 0 in the end.",
  }),
  whileStoring({
    id: "busy.activate",
    title: "Activate while an image is stored",
    clause: "9.1.4, I.3",
    objective: "An image is not activated before it is valid.",
    steps: [
      step("Activate the target: it is not accepted.", async (t) =>
        expectResult("Activate while the image is stored", await t.askActivate(t.images.target), [1, 3, 6]),
      ),
      untilStored,
      flags("after End", "1/1/1", "0/0/1"),
    ],
    pass: "6, 1 or 3; End is answered 0 in the end.",
  }),
  whileStoring({
    id: "busy.commit",
    title: "Commit while an image is stored",
    clause: "9.1.4, I.3",
    objective: "An image is not committed before it is valid.",
    steps: [
      step("Commit the target: it is not accepted.", async (t) =>
        expectResult("Commit while the image is stored", await t.askCommit(t.images.target), [1, 3, 6]),
      ),
      untilStored,
      flags("after End", "1/1/1", "0/0/1"),
    ],
    pass: "6, 1 or 3; End is answered 0 in the end.",
  }),
  whileStoring({
    id: "busy.section",
    title: "Section while an image is stored",
    clause: "9.1.4",
    objective: "The image is complete: a section is out of place.",
    steps: [
      step("Send a section with AR: it is not accepted.", async (t) => {
        const since = t.link.inbox.length;
        const tci = t.link.nextTci();
        const { sectionBytes } = t.download;
        await t.download.section(0, { tci, offsetBytes: 0, sectionBytes, ackRequested: true });
        const request = t.evidence.sentWith(tci);
        expectResult(
          "a Section while the image is stored",
          framedResultOf(await t.link.answerTo("downloadSectionRequest", request, since)),
          [1, 3, 6],
        );
      }),
      untilStored,
    ],
    pass: "1, 3 or 6; End is answered 0 in the end.",
  }),
  whileStoring({
    id: "busy.get",
    title: "Get while an image is stored",
    clause: "I.3, B.2",
    objective: "Storing does not keep the ONT from answering.",
    steps: [
      step("Get the flags of both images ten times.", async (t) => {
        for (let times = 0; times < 10; times++) await t.images.readBoth();
      }),
      untilStored,
    ],
    pass: "Every Get is answered; End is answered 0 in the end.",
  }),
];

/** Cases: the power goes at any moment of an update, and the ONT still boots an image that is whole. */
import { type ConformCase, step, type Step } from "../case.ts";
import { CaseFailure } from "../failure.ts";
import { instances, triple } from "../images.ts";
import { expectResult, type Tester } from "../tester.ts";
import {
  beginStoring,
  flags,
  freshDownload,
  g988,
  noDownload,
  powerCut,
  startAndSendAll,
  startWindow,
} from "./steps.ts";

/** A cut during a download: it is lost, and nothing else. */
const inDownload = (name: string, title: string, phase: Step, target = "0/0/0"): ConformCase =>
  g988({
    id: `power.${name}`,
    title,
    clause: "figure 9.1.4-1",
    objective:
      "A power failure during a download ends it (S2 to S1): half an image is not valid, and the ONT boots what it ran.",
    preconditions: ["image", "free", "powerSwitch"],
    steps: [phase, powerCut, flags("after the power cut", "1/1/1", target), noDownload, freshDownload],
    pass: `The original runs, the target is ${target}; sections are refused, and a new download succeeds.`,
  });

/** Never two active or two committed, and what is in use is valid. */
const sound = step("Read both images: one is active, one committed, what is in use is valid.", async (t: Tester) => {
  const states = await t.images.readBoth();
  const all = states.map(triple).join(" and ");
  const active = instances.filter((instance) => states[instance].active === 1);
  const committed = instances.filter((instance) => states[instance].committed === 1);
  const inUse = [...active, ...committed].every((instance) => states[instance].valid === 1);
  if (active.length === 1 && committed.length === 1 && inUse) return;
  throw new CaseFailure("wrong-flags", `after the power cut the images are ${all}`, states[0].frame);
});

const committedOriginal = step("The original is still the one to boot, and the target valid.", (t) =>
  t.images.expect("1/*/1", "0/*/1", "after the power cut"),
);

/** The power goes, in each phase. */
export const powerCases = [
  g988({
    id: "power.idle",
    title: "Power cut while nothing goes on",
    clause: "figure 9.1.4-1",
    objective: "A power failure changes no flag.",
    preconditions: ["stored", "powerSwitch"],
    steps: [powerCut, flags("after the power cut", "1/1/1", "0/0/1")],
    pass: "The flags as before (S3).",
  }),
  inDownload(
    "after-start",
    "Power cut right after Start",
    step("Start on the target.", (t) => t.download.start()),
    // An image that was there may still be whole: nothing has been written over it.
    "0/0/*",
  ),
  inDownload(
    "in-window",
    "Power cut in the middle of a window",
    step("Start and send one and a half windows.", async (t) => {
      await startWindow(t, 8);
      await t.download.window();
      await t.download.sendWindow({ lose: [4, 5, 6, 7] });
    }),
  ),
  inDownload(
    "between-windows",
    "Power cut between two windows",
    step("Start and send two windows.", async (t) => {
      await startWindow(t, 8);
      await t.download.window();
      await t.download.window();
    }),
  ),
  inDownload("before-end", "Power cut before End", startAndSendAll),
  g988({
    id: "power.storing",
    title: "Power cut while the image is stored",
    clause: "figure 9.1.4-1, I.3",
    objective: "An image is either stored and valid or not there: never half.",
    preconditions: ["image", "free", "powerSwitch"],
    steps: [
      startAndSendAll,
      step("End with the image's CRC and size is answered 6.", beginStoring),
      powerCut,
      flags("after the power cut", "1/1/1", "0/0/*"),
      freshDownload,
    ],
    pass: "The original runs; a new download succeeds.",
  }),
  g988({
    id: "power.after-end",
    title: "Power cut right after End is answered 0",
    clause: "I.3",
    objective: "0 means that the image is stored.",
    preconditions: ["image", "free", "powerSwitch"],
    steps: [
      startAndSendAll,
      step("End until it is answered 0.", (t) => t.download.end()),
      powerCut,
      flags("after the power cut", "1/1/1", "0/0/1"),
    ],
    pass: "The target is valid.",
  }),
  g988({
    id: "power.activate",
    title: "Power cut right after Activate is answered",
    clause: "9.1.4",
    objective: "The ONT comes up with one of the two images, and the committed one stays committed.",
    preconditions: ["stored", "powerSwitch"],
    steps: [
      step("Activate the target: the answer is 0.", async (t) =>
        expectResult("Activate of a valid image", await t.askActivate(t.images.target), [0]),
      ),
      powerCut,
      sound,
      committedOriginal,
    ],
    pass: "One image is active, the original committed, both are valid.",
  }),
  g988({
    id: "power.booting",
    title: "Power cut while the activated image boots",
    clause: "9.1.4, figure 9.1.4-1",
    objective:
      "An image that was activated and not committed does not outlive a power failure, however far its boot is.",
    preconditions: ["stored", "powerSwitch"],
    steps: [
      step("Activate the target: the answer is 0. Wait 2 s.", async (t) => {
        expectResult("Activate of a valid image", await t.askActivate(t.images.target), [0]);
        await t.link.pause(2000);
      }),
      powerCut,
      flags("after the power cut", "1/1/1", "0/0/1"),
    ],
    pass: "The original runs; the target is still valid.",
  }),
  g988({
    id: "power.trial",
    title: "Power cut before Commit",
    clause: "9.1.4, figure 9.1.4-1",
    objective: "What was not committed does not outlive a power failure (S4 to S3).",
    preconditions: ["trial", "powerSwitch"],
    steps: [powerCut, flags("after the power cut", "1/1/1", "0/0/1")],
    pass: "The original runs; the target is still valid.",
  }),
  g988({
    id: "power.commit",
    title: "Power cut right after Commit is answered",
    clause: "9.1.4",
    objective: "0 to Commit outlives a power failure.",
    preconditions: ["trial", "powerSwitch"],
    steps: [
      step("Commit the target: the answer is 0.", (t) => t.commit(t.images.target)),
      powerCut,
      flags("after the power cut", "0/0/1", "1/1/1"),
    ],
    pass: "The target is active and committed.",
  }),
  g988({
    id: "power.commit-stored",
    title: "Power cut after Commit of an image that does not run",
    clause: "figure 9.1.4-1",
    objective: "The committed image is booted (S4' to S3').",
    preconditions: ["stored", "powerSwitch"],
    steps: [
      step("Commit the target: the answer is 0.", (t) => t.commit(t.images.target)),
      powerCut,
      flags("after the power cut", "0/0/1", "1/1/1"),
    ],
    pass: "The target is active and committed.",
  }),
];

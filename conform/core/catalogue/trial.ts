/** Cases: an image that runs but is not committed: what falls back, and what may be downloaded meanwhile. */
import { RESULT } from "../../../omci/index.ts";
import { step } from "../case.ts";
import { expectResult } from "../tester.ts";
import { activateTarget, flags, freshDownload, g988, reboot } from "./steps.ts";

/** An image on trial: active, not committed. */
export const trialCases = [
  g988({
    id: "trial.reboot",
    title: "Reboot without Commit",
    clause: "9.1.4, figure 9.1.4-1",
    objective: "What was not committed does not outlive a reboot (S4 to S3).",
    preconditions: ["trial"],
    steps: [reboot, flags("after the reboot", "1/1/1", "0/0/1")],
    pass: "The original runs; the target is still valid.",
  }),
  g988({
    id: "trial.activate-original",
    title: "Activate of the committed image during a trial",
    clause: "figure 9.1.4-1",
    objective: "An OLT can end a trial by hand (S4 to S3).",
    preconditions: ["trial"],
    steps: [
      step("Activate the original; wait until the ONT went down and answers again.", (t) =>
        t.activate(t.images.original),
      ),
      flags("after Activate", "1/1/1", "0/0/1"),
    ],
    pass: "The original runs; the target is still valid.",
  }),
  g988({
    id: "trial.activate-again",
    title: "Activate of the image on trial",
    clause: "figure 9.1.4-1",
    objective: "A restart by name goes on with the trial (S4 to S4).",
    preconditions: ["trial"],
    steps: [
      step("Activate the target, which runs; wait until the ONT went down and answers again.", async (t) => {
        expectResult("Activate of the image that runs", await t.askActivate(t.images.target), [RESULT.ok]);
        await t.untilRestarted();
      }),
      flags("after Activate", "1/0/1", "0/1/1"),
    ],
    pass: "The target runs, not committed.",
  }),
  g988({
    id: "trial.commit",
    title: "Commit of the image on trial",
    clause: "9.1.4, figure 9.1.4-1",
    objective: "Commit changes what boots, at once and without a restart (S4 to S3').",
    preconditions: ["trial"],
    steps: [
      step("Commit the target.", (t) => t.commit(t.images.target)),
      flags("after Commit", "0/0/1", "1/1/1"),
      reboot,
      flags("after the reboot", "0/0/1", "1/1/1"),
    ],
    pass: "The target is active and committed, before and after a reboot; the original is free and valid.",
  }),
  g988({
    id: "trial.commit-original",
    title: "Commit of the committed image during a trial",
    clause: "figure 9.1.4-1",
    objective: "It changes nothing (S4 to S4).",
    preconditions: ["trial"],
    steps: [step("Commit the original.", (t) => t.commit(t.images.original)), flags("after Commit", "1/0/1", "0/1/1")],
    pass: "0; the flags as before.",
  }),
  g988({
    id: "trial.download-back",
    title: "A whole cycle, and a second one into the other instance",
    clause: "figure 9.1.4-1",
    objective: "After Commit the roles are exchanged: S1' to S4' work like S1 to S4.",
    preconditions: ["trial"],
    steps: [
      step("Commit the target; from here the original is the free one.", async (t) => {
        await t.commit(t.images.target);
        await t.images.locate();
      }),
      freshDownload,
      flags("after the second download", "1/1/1", "0/0/1"),
      activateTarget,
      flags("after the second Activate", "1/0/1", "0/1/1"),
      step("Commit the target.", (t) => t.commit(t.images.target)),
      flags("after the second Commit", "0/0/1", "1/1/1"),
    ],
    pass: "Both cycles succeed.",
  }),
];

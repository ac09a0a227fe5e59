import { RESULT } from "../../../../omci/index.ts";
import { type ConformCase, step } from "../case.ts";
import { expectResult, type Tester } from "../tester.ts";
import { emptyTarget, flags, freshDownload, g988, noDownload, rest, startWindow } from "./steps.ts";

const unknownInstance = 0xfefe;
const reservedFlags = 3;

const activateTarget = step("Activate the target; wait until the ONT went down and answers again.", (t) =>
  t.activate(t.images.target),
);

async function activateRefused(t: Tester, what: string): Promise<void> {
  t.refused(what, await t.askActivate(t.images.target));
}

const withFlags = (value: number, title: string): ConformCase =>
  g988({
    id: `activate.flags-${value}`,
    title,
    clause: "A.3.23 to A.3.32",
    objective: "The flags hold an Activate back during a call; without a call it is carried out.",
    preconditions: ["stored"],
    steps: [
      step(`Activate the target with flags ${value}; no call is up.`, (t) => t.activate(t.images.target, value)),
      flags("after Activate", "1/0/1", "0/1/1"),
    ],
    pass: "0, and the target runs.",
  });

/** Activate image. */
export const activateCases = [
  g988({
    id: "activate.stored",
    title: "Activate of a valid image",
    clause: "9.1.4, figure 9.1.4-1",
    objective:
      "Activate is answered, then the ONT restarts into the image; what is committed does not change (S3 to S4).",
    preconditions: ["stored"],
    steps: [activateTarget, flags("after Activate", "1/0/1", "0/1/1")],
    pass: "0; the target is active and not committed, the original committed and not active.",
  }),
  withFlags(1, "Activate unless a call is up"),
  withFlags(2, "Activate unless an emergency call is up"),
  g988({
    id: "activate.flags-reserved",
    title: "Activate with reserved flags",
    clause: "A.3.23 to A.3.32",
    objective: "Flags 3 are reserved: no command.",
    preconditions: ["stored"],
    steps: [
      step("Activate the target with flags 3: it is refused.", async (t) =>
        t.refused("Activate with reserved flags", await t.askActivate(t.images.target, reservedFlags)),
      ),
      flags("after a refused Activate", "1/1/1", "0/0/1"),
    ],
    pass: "An error; the original goes on running.",
  }),
  g988({
    id: "activate.invalid",
    title: "Activate of an image that is not valid",
    clause: "9.1.4",
    objective: "Activate is legal on a valid image.",
    preconditions: ["free"],
    steps: [
      emptyTarget,
      step("Activate the target: it is refused.", (t) => activateRefused(t, "Activate of an image that is not valid")),
      flags("after a refused Activate", "1/1/1", "0/0/0"),
    ],
    pass: "An error; the original goes on running.",
  }),
  g988({
    id: "activate.downloading",
    title: "Activate of the image that is being downloaded",
    clause: "9.1.4",
    objective: "An image in the making is not valid.",
    preconditions: ["image", "free"],
    steps: [
      step("Start and send one window.", async (t) => {
        await startWindow(t, 8);
        await t.download.window();
      }),
      step("Activate the target: it is refused.", (t) => activateRefused(t, "Activate of an image in the making")),
      flags("after a refused Activate", "1/1/1", "0/0/0"),
      rest,
      step("End with the image's CRC and size.", (t) => t.download.end()),
    ],
    pass: "An error; the download goes on and ends with 0.",
  }),
  g988({
    id: "activate.running",
    title: "Activate of the image that runs",
    clause: "9.1.4",
    objective: "Activating the running image is a restart that changes no flag.",
    preconditions: ["free"],
    steps: [
      step("Activate the original; wait until the ONT went down and answers again.", (t) =>
        t.activate(t.images.original),
      ),
      flags("after the restart", "1/1/1", "0/0/*"),
    ],
    pass: "0, a restart, the flags as before.",
  }),
  g988({
    id: "activate.unknown-instance",
    title: "Activate of an instance that is not there",
    clause: "11.2",
    objective: "Unknown instances are told by result 5.",
    preconditions: ["free"],
    steps: [
      step("Activate instance 0xFEFE.", async (t) =>
        expectResult("Activate of an unknown instance", await t.askActivate(unknownInstance), [RESULT.unknownInstance]),
      ),
    ],
    pass: "Result 5.",
  }),
  g988({
    id: "activate.repeated",
    title: "Activate repeated to the bit",
    clause: "B.2",
    objective: "The repeat of an Activate whose answer was lost is no second restart, and no error.",
    preconditions: ["stored"],
    steps: [
      step(
        "Activate the target twice, with the same TCI: both answers are 0, unless the ONT is down by then.",
        async (t) => {
          const tci = t.link.nextTci();
          expectResult("Activate", await t.askActivate(t.images.target, 0, tci), [RESULT.ok]);
          const pdu = t.link.encode({ type: "activateImageRequest", flags: 0 }, { instanceId: t.images.target, tci });
          const since = t.link.inbox.length;
          t.link.sendBytes(pdu);
          const repeated = await t.link.find(
            ({ frame }) => frame.bytes[0] === tci >> 8 && frame.bytes[1] === (tci & 0xff),
            since,
            500,
          );
          if (repeated?.decoded.ok === true && repeated.decoded.message.type === "activateImageResponse")
            expectResult(
              "the repeat of Activate",
              { result: repeated.decoded.message.result, frame: repeated.frame.number },
              [0],
            );
        },
      ),
      step("Wait until the ONT went down and answers again.", (t) => t.untilRestarted(t.images.target)),
      flags("after Activate", "1/0/1", "0/1/1"),
    ],
    pass: "0, and 0 or silence; the target runs.",
  }),
];

/** An image on trial: active, not committed. */
export const trialCases = [
  g988({
    id: "trial.reboot",
    title: "Reboot without Commit",
    clause: "9.1.4, figure 9.1.4-1",
    objective: "What was not committed does not outlive a reboot (S4 to S3).",
    preconditions: ["trial"],
    steps: [
      step("Reboot; wait until the ONT went down and answers again.", (t) => t.reboot()),
      flags("after the reboot", "1/1/1", "0/0/1"),
    ],
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
      step("Reboot; wait until the ONT went down and answers again.", (t) => t.reboot()),
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

/** Commit image. */
export const commitCases = [
  g988({
    id: "commit.running",
    title: "Commit of the committed image",
    clause: "figure 9.1.4-1",
    objective: "It changes nothing.",
    preconditions: ["free"],
    steps: [step("Commit the original.", (t) => t.commit(t.images.original)), flags("after Commit", "1/1/1", "0/0/*")],
    pass: "0; the flags as before.",
  }),
  g988({
    id: "commit.stored",
    title: "Commit of a valid image that does not run",
    clause: "9.1.4, figure 9.1.4-1",
    objective: "Commit is legal on any valid image and changes committed alone (S3 to S4').",
    preconditions: ["stored"],
    steps: [
      step("Commit the target.", (t) => t.commit(t.images.target)),
      flags("after Commit", "0/1/1", "1/0/1"),
      step("Reboot; wait until the ONT went down and answers again.", (t) => t.reboot()),
      flags("after the reboot", "0/0/1", "1/1/1"),
    ],
    pass: "The target is committed and not active; after a reboot it runs.",
  }),
  g988({
    id: "commit.taken-back",
    title: "A Commit taken back",
    clause: "figure 9.1.4-1",
    objective: "Before the restart the running image can be committed again (S4' to S3).",
    preconditions: ["stored"],
    steps: [
      step("Commit the target, then the original.", async (t) => {
        await t.commit(t.images.target);
        await t.commit(t.images.original);
      }),
      flags("after both Commits", "1/1/1", "0/0/1"),
    ],
    pass: "0 twice; the flags are those before.",
  }),
  g988({
    id: "commit.invalid",
    title: "Commit of an image that is not valid",
    clause: "9.1.4",
    objective: "Commit is legal on a valid image.",
    preconditions: ["free"],
    steps: [
      emptyTarget,
      step("Commit the target: it is refused.", async (t) =>
        t.refused("Commit of an image that is not valid", await t.askCommit(t.images.target)),
      ),
      flags("after a refused Commit", "1/1/1", "0/0/0"),
    ],
    pass: "An error; the flags as before.",
  }),
  g988({
    id: "commit.downloading",
    title: "Commit of the image that is being downloaded",
    clause: "9.1.4",
    objective: "An image in the making is not valid.",
    preconditions: ["image", "free"],
    steps: [
      step("Start and send one window.", async (t) => {
        await startWindow(t, 8);
        await t.download.window();
      }),
      step("Commit the target: it is refused.", async (t) =>
        t.refused("Commit of an image in the making", await t.askCommit(t.images.target)),
      ),
      flags("after a refused Commit", "1/1/1", "0/0/0"),
      rest,
      step("End with the image's CRC and size.", (t) => t.download.end()),
    ],
    pass: "An error; the download goes on and ends with 0.",
  }),
  g988({
    id: "commit.unknown-instance",
    title: "Commit of an instance that is not there",
    clause: "11.2",
    objective: "Unknown instances are told by result 5.",
    preconditions: ["free"],
    steps: [
      step("Commit instance 0xFEFE.", async (t) =>
        expectResult("Commit of an unknown instance", await t.askCommit(unknownInstance), [RESULT.unknownInstance]),
      ),
    ],
    pass: "Result 5.",
  }),
  g988({
    id: "commit.repeated",
    title: "Commit repeated, to the bit and with a new TCI",
    clause: "B.2, figure 9.1.4-1",
    objective: "The repeat of a Commit whose answer was lost is answered 0.",
    preconditions: ["stored"],
    steps: [
      step("Commit the target three times, the first two with the same TCI.", async (t) => {
        const tci = t.link.nextTci();
        for (const each of [tci, tci, t.link.nextTci()])
          expectResult("Commit", await t.askCommit(t.images.target, each), [RESULT.ok]);
      }),
      flags("after the repeats", "0/1/1", "1/0/1"),
      step("Commit the original again.", (t) => t.commit(t.images.original)),
    ],
    pass: "0 three times.",
  }),
];

/** Reboot. */
export const rebootCases = [
  g988({
    id: "reboot.idle",
    title: "Reboot of an ONT that does nothing else",
    clause: "figure 9.1.4-1",
    objective: "A reboot changes no flag.",
    preconditions: ["stored"],
    steps: [
      step("Reboot; wait until the ONT went down and answers again.", (t) => t.reboot()),
      flags("after the reboot", "1/1/1", "0/0/1"),
    ],
    pass: "0, a restart, the flags as before (S3).",
  }),
  g988({
    id: "reboot.flags",
    title: "Reboot unless a call is up",
    clause: "11.2",
    objective: "Without a call the ONT reboots.",
    preconditions: ["free"],
    steps: [
      step("Reboot with flags 1; wait until the ONT went down and answers again.", (t) => t.reboot(1)),
      flags("after the reboot", "1/1/1", "0/0/*"),
    ],
    pass: "0, a restart, the flags as before.",
  }),
  g988({
    id: "reboot.downloading",
    title: "Reboot during a download",
    clause: "figure 9.1.4-1",
    objective: "A reboot ends the download (S2 to S1).",
    preconditions: ["image", "free"],
    steps: [
      step("Start and send one window.", async (t) => {
        await startWindow(t, 8);
        await t.download.window();
      }),
      step("Reboot; wait until the ONT went down and answers again.", (t) => t.reboot()),
      flags("after the reboot", "1/1/1", "0/0/0"),
      noDownload,
      freshDownload,
    ],
    pass: "Sections are refused; a new download succeeds.",
  }),
];

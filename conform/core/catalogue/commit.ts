/** Cases: Commit image decides what boots from then on, and Reboot starts what is committed. */
import { RESULT } from "../../../omci/index.ts";
import { step } from "../case.ts";
import { expectResult } from "../tester.ts";
import { emptyTarget, flags, freshDownload, g988, noDownload, rest, startWindow, reboot } from "./steps.ts";

const UNKNOWN_INSTANCE = 0xfefe;

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
      reboot,
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
        expectResult("Commit of an unknown instance", await t.askCommit(UNKNOWN_INSTANCE), [RESULT.unknownInstance]),
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
    steps: [reboot, flags("after the reboot", "1/1/1", "0/0/1")],
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
      reboot,
      flags("after the reboot", "1/1/1", "0/0/0"),
      noDownload,
      freshDownload,
    ],
    pass: "Sections are refused; a new download succeeds.",
  }),
];

import { type ConformCase, step } from "../case.ts";

export const thinCases: readonly ConformCase[] = [
  {
    id: "download.short-16",
    title: "Whole image in windows of 16, the last one short",
    clause: "I.3",
    basis: "G.988",
    objective: "A download ends with result 0 when the last window has fewer sections than the others.",
    preconditions: ["image", "free"],
    steps: [
      step("Start with a window of 16.", (t) => t.download.start({ windowSections: 16 })),
      step("Send all windows; the last has AR on its last section.", (t) => t.download.rest()),
      step("End with the image's CRC and size.", (t) => t.download.end()),
      step("Read both images.", (t) => t.images.expect("1/1/1", "0/0/1", "after the download")),
    ],
    pass: "Every window and the End are answered 0; the target is valid then.",
  },
  {
    id: "loss.first",
    title: "The first section of a window is lost",
    clause: "I.3",
    basis: "G.988",
    objective: "A window with a gap is answered 1, and sent again it is taken.",
    preconditions: ["image", "free"],
    steps: [
      step("Start with a window of 16.", (t) => t.download.start({ windowSections: 16 })),
      step("Send a window without section 0.", (t) => t.download.window({ lose: [0], expect: [1] })),
      step("Send the window again, whole, with new TCIs, and all that follow.", (t) => t.download.rest()),
      step("End with CRC and size of the image.", (t) => t.download.end()),
    ],
    pass: "The window with the gap is answered 1, the others and the End 0.",
  },
  {
    id: "loss.middle",
    title: "The middle section of a window is lost",
    clause: "I.3",
    basis: "G.988",
    objective: "A window with a gap is answered 1, and sent again it is taken.",
    preconditions: ["image", "free"],
    steps: [
      step("Start with a window of 16.", (t) => t.download.start({ windowSections: 16 })),
      step("Send a window without section 7.", (t) => t.download.window({ lose: [7], expect: [1] })),
      step("Send the window again, whole, with new TCIs, and all that follow.", (t) => t.download.rest()),
      step("End with CRC and size of the image.", (t) => t.download.end()),
    ],
    pass: "The window with the gap is answered 1, the others and the End 0.",
  },
  {
    id: "loss.next-to-last",
    title: "The next-to-last section of a window is lost",
    clause: "I.3",
    basis: "G.988",
    objective: "A window with a gap is answered 1, and sent again it is taken.",
    preconditions: ["image", "free"],
    steps: [
      step("Start with a window of 16.", (t) => t.download.start({ windowSections: 16 })),
      step("Send a window without section 14.", (t) => t.download.window({ lose: [14], expect: [1] })),
      step("Send the window again, whole, with new TCIs, and all that follow.", (t) => t.download.rest()),
      step("End with CRC and size of the image.", (t) => t.download.end()),
    ],
    pass: "The window with the gap is answered 1, the others and the End 0.",
  },
  {
    id: "end.wrong-crc",
    title: "End with a wrong CRC",
    clause: "I.3",
    basis: "G.988",
    objective: "An image whose CRC does not match is refused and not valid.",
    preconditions: ["image", "free"],
    steps: [
      step("Start and send all windows.", async (t) => {
        await t.download.start();
        await t.download.rest();
      }),
      step("End with a CRC that differs in one bit.", (t) =>
        t.download.end({ crc32: (t.download.image.crc32 ^ 1) >>> 0, expect: [1], seen: "the CRC was wrong" }),
      ),
      step("Read both images.", (t) => t.images.expect("1/1/1", "0/0/0", "after an End with a wrong CRC")),
    ],
    pass: "End is answered 1; the target is not valid.",
  },
  {
    id: "trial.reboot",
    title: "An image that was not committed does not outlive a reboot",
    clause: "9.1.4",
    basis: "G.988",
    objective: "A reboot before Commit falls back to the committed image.",
    preconditions: ["image", "trial"],
    steps: [
      step("Read both images.", (t) => t.images.expect("1/0/1", "0/1/1", "after Activate")),
      step("Reboot and wait until the ONT answers again.", (t) => t.reboot()),
      step("Read both images.", (t) => t.images.expect("1/1/1", "0/0/1", "after the reboot")),
    ],
    pass: "The committed image runs after the reboot, the other stays valid.",
  },
  {
    id: "trial.commit",
    title: "Commit of the image on trial",
    clause: "9.1.4",
    basis: "G.988",
    objective: "Commit makes the running image the one to boot.",
    preconditions: ["image", "trial"],
    steps: [
      step("Commit the target.", (t) => t.commit(t.images.target)),
      step("Read both images.", (t) => t.images.expect("0/0/1", "1/1/1", "after Commit")),
    ],
    pass: "Commit is answered 0 and moves the committed flag.",
  },
  {
    id: "power.trial",
    title: "Power cut before Commit",
    clause: "9.1.4",
    basis: "G.988",
    objective: "A power cut before Commit falls back to the committed image.",
    preconditions: ["image", "trial", "powerSwitch"],
    steps: [
      step("Cut the power and wait until the ONT answers again.", (t) => t.powerCycle()),
      step("Read both images.", (t) => t.images.expect("1/1/1", "0/0/1", "after the power cut")),
    ],
    pass: "The committed image runs, the other stays valid.",
  },
];

/** Cases: sections that come out of order, twice, late, or under a number that is not theirs. */
import { step } from "../case.ts";

import type { Tester } from "../tester.ts";
import { complete, end, field, g988, rest, start } from "./steps.ts";

/** A section of the window before, as it was sent then. */
async function sectionAgain(t: Tester, base: number, number: number, offsetBytes: number): Promise<void> {
  const { sectionBytes } = t.download;
  await t.download.section(number, {
    tci: base + number,
    offsetBytes: offsetBytes + number * sectionBytes,
    sectionBytes,
    ackRequested: false,
  });
}

/** Sections in another order, twice, late, or under another number. */
export const orderCases = [
  field({
    id: "order.swapped",
    title: "Two sections of a window change places",
    clause: "I.3",
    objective: "Sections carry their numbers, so that their order need not matter.",
    preconditions: ["image", "free"],
    steps: [
      start(8),
      step("Send a window as 1, 0, 2, 3, 4, 5, 6, 7.", (t) => t.download.window({ order: [1, 0, 2, 3, 4, 5, 6, 7] })),
      ...complete,
    ],
    pass: "The window and the End are answered 0.",
  }),
  g988({
    id: "order.swapped-end",
    title: "Swapped sections do not spoil the image",
    clause: "I.3",
    objective: "An ONT that does not take sections out of order says so; one that says 0 has them in the right place.",
    preconditions: ["image", "free"],
    steps: [
      start(8),
      step(
        "Send a window as 6, 5, 4, 3, 2, 1, 0, 7; where the answer is an error, send it again in order.",
        async (t) => {
          const { message } = await t.download.window({ order: [6, 5, 4, 3, 2, 1, 0, 7], expect: [0, 1] });
          if (message.result !== 0) await t.download.window();
        },
      ),
      ...complete,
    ],
    pass: "0, or 1 and then 0; End 0.",
  }),
  field({
    id: "order.duplicate",
    title: "Sections of a window come twice",
    clause: "I.3",
    objective: "A section that comes again, with the same number and TCI, is the same section.",
    preconditions: ["image", "free"],
    steps: [
      start(8),
      step("Send a window as 0, 0, 1, 2, 2, 3, 4, 5, 6, 6, 7.", (t) =>
        t.download.window({ order: [0, 0, 1, 2, 2, 3, 4, 5, 6, 6, 7] }),
      ),
      ...complete,
    ],
    pass: "The window and the End are answered 0.",
  }),
  field({
    id: "order.late",
    title: "A section of the window before comes late",
    clause: "I.3",
    objective: "A straggler of a window that is done with, told by its TCI, does not get into the next one.",
    preconditions: ["image", "free"],
    steps: [
      start(8),
      step("Send a window; send the next, and after its section 3 once more section 2 of the first.", async (t) => {
        const base = t.link.nextTci(8);
        await t.download.window({ base });
        const between = async (number: number): Promise<void> => {
          if (number === 3) await sectionAgain(t, base, 2, 0);
        };
        await t.download.window({ between, seen: "a section of the window before came late" });
      }),
      ...complete,
    ],
    pass: "Both windows and the End are answered 0.",
  }),
  g988({
    id: "order.wrong-number",
    title: "A section comes under another number",
    clause: "I.3",
    objective: "The number says where a section belongs: a number twice and another not at all is a gap.",
    preconditions: ["image", "free"],
    steps: [
      start(8),
      step("Send a window whose section 3 is numbered 5: the answer is 1.", async (t) => {
        const seen = "number 5 came twice and number 3 never";
        await t.download.window({ order: [0, 1, 2, 5, 4, 5, 6, 7], expect: [1], seen });
      }),
      ...complete,
    ],
    pass: "1; the window sent again 0; End 0.",
  }),
  g988({
    id: "order.other-instance",
    title: "A section with AR for the image that runs",
    clause: "9.1.4",
    objective:
      "Sections are legal on the instance being downloaded alone; one for another instance is refused and does no harm.",
    preconditions: ["image", "free"],
    steps: [
      start(8),
      step("Send a window of one section to the original: it is refused.", async (t) => {
        const seen = "the section was for the image that runs";
        await t.download.window({ sections: 1, instanceId: t.images.original, expect: [1, 2, 3, 5], seen });
      }),
      rest,
      end,
    ],
    pass: "An error; then the windows to the target and the End are answered 0.",
  }),
  g988({
    id: "order.other-instance-silent",
    title: "Sections without AR for another instance",
    clause: "9.1.4",
    objective: "What is not for the instance being downloaded does not get into its image, and is not answered.",
    preconditions: ["image", "free"],
    steps: [
      start(8),
      step(
        "Send a window; after its section 5, send a section 4 of zeros to instance 0xFEFE without AR.",
        async (t) => {
          const between = async (number: number): Promise<void> => {
            if (number !== 5) return;
            const offsetBytes = t.download.image.bytes.length;
            const { sectionBytes } = t.download;
            const how = { tci: t.link.nextTci(), offsetBytes, sectionBytes, ackRequested: false, instanceId: 0xfefe };
            await t.download.section(4, how);
          };
          await t.download.window({ between });
        },
      ),
      ...complete,
    ],
    pass: "The window and the End are answered 0.",
  }),
];

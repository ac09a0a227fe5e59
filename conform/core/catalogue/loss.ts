/** Cases: a window with missing sections is refused, and taken when it is sent again. */
import { type ConformCase, step } from "../case.ts";

import type { Tester } from "../tester.ts";
import { complete, end, field, g988, start } from "./steps.ts";

const list = (numbers: readonly number[]): string => numbers.join(", ");

/** Sections of a window of 8 that do not arrive: answered 1, and the window sent again is taken. */
const gap = (name: string, title: string, lose: readonly number[]): ConformCase =>
  g988({
    id: `loss.${name}`,
    title,
    clause: "I.3",
    objective: "A window with a gap is answered 1; the OLT then sends it again from section 0, with new TCIs.",
    preconditions: ["image", "free"],
    steps: [
      start(8),
      step("Send one window whole.", (t) => t.download.window()),
      step(
        `Send the next window without ${lose.length === 1 ? "section" : "sections"} ${list(lose)}: the answer is 1.`,
        (t) => t.download.window({ lose, expect: [1] }),
      ),
      ...complete,
    ],
    pass: "The window with the gap is answered 1, all others and the End 0.",
  });

/** The AR section of the window due, alone. */
async function lostArWindow(t: Tester): Promise<void> {
  const sent = await t.download.sendWindow({ lose: [7] });
  await t.link.silence("no section had AR", sent.since);
}

/** Missing sections. */
export const lossCases = [
  gap("first", "The first section of a window is missing", [0]),
  gap("middle", "A section in the middle of a window is missing", [3]),
  gap("next-to-last", "The section before the last is missing", [6]),
  gap("several", "Several sections of a window are missing", [1, 2, 5]),
  gap("all-but-last", "All sections of a window but the last are missing", [0, 1, 2, 3, 4, 5, 6]),
  g988({
    id: "loss.first-window",
    title: "A section of the very first window is missing",
    clause: "I.3",
    objective: "The first window is no exception.",
    preconditions: ["image", "free"],
    steps: [
      start(8),
      step("Send the first window without section 4: the answer is 1.", (t) =>
        t.download.window({ lose: [4], expect: [1] }),
      ),
      ...complete,
    ],
    pass: "The window with the gap is answered 1, all others and the End 0.",
  }),
  g988({
    id: "loss.last-window",
    title: "A section of the last window is missing",
    clause: "I.3",
    objective: "A short last window with a gap is answered 1, and can be sent again.",
    preconditions: ["image", "free"],
    steps: [
      start(8),
      step(
        "Send all windows; the last one has two sections at least and comes without the first: the answer is 1.",
        async (t) => {
          while (t.download.remainingSections > 10) await t.download.window();
          if (t.download.remainingSections > 8) await t.download.window({ sections: t.download.remainingSections - 4 });
          await t.download.window({ lose: [0], expect: [1] });
        },
      ),
      ...complete,
    ],
    pass: "The window with the gap is answered 1; sent again 0, and the End 0.",
  }),
  g988({
    id: "loss.thrice",
    title: "The same window fails three times",
    clause: "I.3",
    objective: "An error does not end the download: the window may be repeated again and again.",
    preconditions: ["image", "free"],
    steps: [
      start(8),
      step("Send a window three times without section 2, once without 5 as well: each answer is 1.", async (t) => {
        for (const lose of [[2], [2, 5], [2]]) await t.download.window({ lose, expect: [1] });
      }),
      ...complete,
    ],
    pass: "1 three times, then 0; End 0.",
  }),
  g988({
    id: "loss.every-window",
    title: "Every window needs two attempts",
    clause: "I.3",
    objective: "Losses all through the image leave no trace in it.",
    preconditions: ["image", "free"],
    steps: [
      start(32),
      step("Send every window first without its first section, then whole.", async (t) => {
        while (t.download.remainingBytes > 0) {
          if (t.download.remainingSections > 1) await t.download.window({ lose: [0], expect: [1] });
          await t.download.window();
        }
      }),
      end,
    ],
    pass: "Each first attempt is answered 1, each second 0; End 0.",
  }),
  g988({
    id: "loss.same-tcis",
    title: "A window with a gap is repeated with the same TCIs",
    clause: "I.3, B.2",
    objective:
      "An OLT may repeat with the TCIs it had: what was answered 1 is not taken for a repeat of something accepted.",
    preconditions: ["image", "free"],
    steps: [
      start(8),
      step(
        "Send a window without section 3: the answer is 1. Send it whole with the same TCIs: the answer is 0.",
        async (t) => {
          const base = t.link.nextTci(8);
          await t.download.window({ base, lose: [3], expect: [1] });
          await t.download.window({ base });
        },
      ),
      ...complete,
    ],
    pass: "1, then 0; End 0.",
  }),
  g988({
    id: "loss.ar",
    title: "The section with AR is missing",
    clause: "I.3",
    objective:
      "Without the AR section the ONT keeps silent; the OLT's timer runs out and the window comes again with the same TCIs.",
    preconditions: ["image", "free"],
    steps: [
      start(8),
      step("Send a window without its last section and wait: no answer.", async (t) => {
        const base = t.link.nextTci(8);
        const sent = await t.download.sendWindow({ base, lose: [7] });
        await t.link.silence("no section had AR", sent.since);
        await t.download.window({ base });
      }),
      ...complete,
    ],
    pass: "Silence, then 0 to the whole window; End 0.",
  }),
  g988({
    id: "loss.ar-new-tcis",
    title: "The section with AR is missing, the window comes again with new TCIs",
    clause: "I.3",
    objective: "The repeat may have new TCIs.",
    preconditions: ["image", "free"],
    steps: [
      start(8),
      step("Send a window without its last section and wait: no answer.", lostArWindow),
      step("Send the window whole with new TCIs.", (t) => t.download.window()),
      ...complete,
    ],
    pass: "Silence, then 0 to the whole window; End 0.",
  }),
  field({
    id: "loss.kept-sections",
    title: "Two attempts at a window lose different sections",
    clause: "I.3",
    objective:
      "An ONT that keeps the sections it has needs fewer attempts on a bad fibre; OLTs that send again only what is missing count on it.",
    preconditions: ["image", "free"],
    steps: [
      start(8),
      step("Send a window without section 3: the answer is 1.", (t) => t.download.window({ lose: [3], expect: [1] })),
      step("Send it again with new TCIs, without section 5: the window is whole now.", (t) =>
        t.download.window({ lose: [5], seen: "section 5 came at the first attempt, all others at the second" }),
      ),
      ...complete,
    ],
    pass: "1, then 0; End 0.",
  }),
];

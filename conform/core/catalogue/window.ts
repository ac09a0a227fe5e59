/** Cases: ONT and OLT agree on a window size, and each keeps to it. */
import { step } from "../case.ts";
import { CaseFailure } from "../failure.ts";
import { range } from "../download.ts";
import type { Tester } from "../tester.ts";
import { complete, end, field, flags, g988, start } from "./steps.ts";

const WINDOWS_MAX = 256;

/** Sends sections `from`…`to - 1` of the window due, without AR. */
async function withoutAr(t: Tester, base: number, from: number, to: number): Promise<void> {
  const { sectionBytes, offsetBytes } = t.download;
  for (const number of range(to).slice(from)) {
    const at = offsetBytes + number * sectionBytes;
    await t.download.section(number, { tci: base + number, offsetBytes: at, sectionBytes, ackRequested: false });
  }
}

/** Negotiation and use of the window. */
export const windowCases = [
  g988({
    id: "window.within-proposal",
    title: "The window granted is within the proposal",
    clause: "I.3",
    objective: "The ONT may reduce the window that the OLT proposes, never enlarge it.",
    preconditions: ["free"],
    steps: [
      step("Start with windows of 1, 2, 8, 16, 32, 64, 128, 255 and 256, one after the other.", async (t) => {
        for (const windowSections of [1, 2, 8, 16, 32, 64, 128, 255, WINDOWS_MAX])
          await t.download.start({ windowSections });
      }),
    ],
    pass: "Every Start is answered 0 with a window of at least 1 and at most the proposal.",
  }),
  g988({
    id: "window.one",
    title: "A window of one section",
    clause: "I.3",
    objective: "With a window of 1 every section has AR and is answered.",
    preconditions: ["image", "free"],
    steps: [
      start(1),
      step("Send eight windows of one section each.", async (t) => {
        for (let window = 0; window < 8; window++) await t.download.window();
      }),
    ],
    pass: "Each is answered 0, section number 0.",
  }),
  g988({
    id: "window.largest",
    title: "The largest window",
    clause: "I.3",
    objective: "Whatever the ONT grants of the largest proposal, it takes windows of that size.",
    preconditions: ["image", "free"],
    steps: [
      step("Start with a window of 256.", (t) => t.download.start({ windowSections: WINDOWS_MAX })),
      step("Send all windows at the size granted.", (t) => t.download.rest()),
      end,
    ],
    pass: "Every window and the End are answered 0.",
  }),
  g988({
    id: "window.shorter",
    title: "Windows shorter than granted, of changing size",
    clause: "I.3",
    objective: "An OLT may use shorter windows at any time: the AR section is the end of the window.",
    preconditions: ["image", "free"],
    steps: [
      start(16),
      step("Send windows of 1, 3, 16, 7 and 2 sections.", async (t) => {
        for (const sections of [1, 3, 16, 7, 2]) await t.download.window({ sections });
      }),
      ...complete,
      flags("after the download", "1/1/1", "0/0/1"),
    ],
    pass: "Every window and the End are answered 0; the target is valid then.",
  }),
  g988({
    id: "window.shrink-after-gap",
    title: "A window is repeated in smaller ones",
    clause: "I.3",
    objective: "After an error the OLT may go on with a smaller window than before.",
    preconditions: ["image", "free"],
    steps: [
      start(16),
      step("Send a window of 16 without section 5: the answer is 1.", (t) =>
        t.download.window({ lose: [5], expect: [1] }),
      ),
      step("Send the same sections in windows of 4.", async (t) => {
        for (let window = 0; window < 4; window++) await t.download.window({ sections: 4 });
      }),
      ...complete,
    ],
    pass: "The four small windows, those behind them and the End are answered 0.",
  }),
  g988({
    id: "window.no-answer-without-ar",
    title: "Sections without AR are not answered",
    clause: "A.3.23 to A.3.32, A.2.23 to A.2.32",
    objective: "Only the section that asks for an answer gets one.",
    preconditions: ["image", "free"],
    steps: [
      start(8),
      step("Send sections 0 to 3 without AR and wait: no answer.", async (t) => {
        const base = t.link.nextTci(8);
        const since = t.link.inbox.length;
        await withoutAr(t, base, 0, 4);
        await t.link.silence("no section had AR", since);
        await t.download.window({ base, order: [4, 5, 6, 7] });
      }),
      ...complete,
    ],
    pass: "Silence until the section with AR, then 0.",
  }),
  field({
    id: "window.beyond",
    title: "More sections than granted",
    clause: "I.3",
    objective: "A window is never longer than granted; an ONT that gets one does not take what it has no room for.",
    preconditions: ["image", "free"],
    steps: [
      step("Start with a window of 8.", (t) => t.download.start({ windowSections: 8 })),
      step("Send a window with one section more than granted: it is refused.", async (t) => {
        const sections = t.download.granted + 1;
        const seen = `${sections} sections were sent where ${t.download.granted} were granted`;
        await t.download.window({ sections, expect: [1, 3], seen });
      }),
      step("Send windows of the size granted.", (t) => t.download.rest()),
      end,
    ],
    pass: "The long window is answered 1 or 3; the download can be completed.",
  }),
  field({
    id: "window.at-least-16",
    title: "A window of 16 is granted",
    clause: "I.3",
    objective: "OLTs of the field use windows of 16 and more: with less, the answers' round trips make downloads slow.",
    preconditions: ["free"],
    steps: [
      step("Start with a window of 16.", async (t) => {
        const { message, frame } = await t.download.askStart({ windowSections: 16 });
        if (message.windowSections >= 16) return;
        throw new CaseFailure(
          "window-too-small",
          `16 sections were proposed, ${message.windowSections} granted`,
          frame.number,
        );
      }),
    ],
    pass: "The window granted is 16.",
  }),
];

/** Cases: sections of the extended message set, both sets at once, and other requests in the middle of a download. */
import { EXTENDED_SECTION_AT, EXTENDED_SECTION_BYTES_MAX } from "../../../omci/index.ts";
import { step } from "../case.ts";
import { flagsMask } from "../images.ts";
import type { Tester } from "../tester.ts";
import { complete, end, field, flags, g988, rest, start, startWindow } from "./steps.ts";

const largest = EXTENDED_SECTION_BYTES_MAX;

/** A window whose last section is shorter than the others. */
async function shortLastSection(t: Tester): Promise<void> {
  const { sectionBytes, offsetBytes } = t.download;
  const base = t.link.nextTci(4);
  const since = t.link.inbox.length;
  const shortBytes = Math.max(1, sectionBytes >> 1);
  for (const number of [0, 1, 2, 3]) {
    await t.download.section(number, {
      tci: base + number,
      offsetBytes: offsetBytes + number * sectionBytes,
      sectionBytes: number === 3 ? shortBytes : sectionBytes,
      ackRequested: number === 3,
    });
  }
  const dataBytes = 3 * sectionBytes + shortBytes;
  await t.download.windowAnswer({ base, sections: 4, dataBytes, since }, { seen: "the last section was shorter" });
}

/** Sections of the extended message set, and both sets side by side. */
export const extendedCases = [
  g988({
    id: "extended.largest",
    title: "Sections of the largest size",
    clause: "A.2.23 to A.2.32",
    objective: "A section carries up to 1965 bytes.",
    preconditions: ["image", "free"],
    only: "extended",
    steps: [
      start(4),
      step("Send all windows with sections of 1965 bytes.", (t) => t.download.rest({ sectionBytes: largest })),
      end,
    ],
    pass: "Every window and the End are answered 0.",
  }),
  g988({
    id: "extended.eight-largest",
    title: "Eight sections of the largest size in a window",
    clause: "A.2.23 to A.2.32, I.3",
    objective: "The window granted holds as many sections of any size: VOLTHA sends eight of 1965 bytes.",
    preconditions: ["image", "free"],
    only: "extended",
    steps: [
      start(8),
      step("Send all windows with sections of 1965 bytes.", (t) => t.download.rest({ sectionBytes: largest })),
      end,
    ],
    pass: "Every window and the End are answered 0.",
  }),
  g988({
    id: "extended.one-byte",
    title: "Sections of one byte",
    clause: "A.2.23 to A.2.32",
    objective: "A section carries at least one byte.",
    preconditions: ["image", "free"],
    only: "extended",
    steps: [
      start(8),
      step("Send three windows with sections of one byte.", async (t) => {
        for (let window = 0; window < 3; window++) await t.download.window({ sectionBytes: 1 });
      }),
      ...complete,
    ],
    pass: "Every window and the End are answered 0.",
  }),
  g988({
    id: "extended.changing-size",
    title: "Another section size in each window",
    clause: "A.2.23 to A.2.32, I.3",
    objective: "Sections have the size that their length tells.",
    preconditions: ["image", "free"],
    only: "extended",
    steps: [
      start(8),
      step(
        "Send windows of four with sections of 31, 1, 500, 7, 1965 and 32 bytes, as far as the image goes.",
        async (t) => {
          for (const sectionBytes of [31, 1, 500, 7, largest, 32])
            if (t.download.remainingBytes > 4 * largest) await t.download.window({ sections: 4, sectionBytes });
        },
      ),
      ...complete,
    ],
    pass: "Every window and the End are answered 0.",
  }),
  g988({
    id: "extended.size-after-gap",
    title: "A window with a gap is repeated with smaller sections",
    clause: "I.3",
    objective: "After an error the OLT may go on with smaller sections.",
    preconditions: ["image", "free"],
    only: "extended",
    steps: [
      start(8),
      step("Send a window without section 3: the answer is 1.", (t) => t.download.window({ lose: [3], expect: [1] })),
      step("Send its first bytes again in sections of 31 bytes.", (t) => t.download.window({ sectionBytes: 31 })),
      ...complete,
    ],
    pass: "1, then 0 throughout.",
  }),
  g988({
    id: "extended.short-last-section",
    title: "A window whose last section is shorter",
    clause: "A.2.23 to A.2.32, I.3",
    objective: "Extended sections are never padded: the last one of a window may be shorter than the others.",
    preconditions: ["image", "free"],
    only: "extended",
    steps: [
      start(4),
      step("Send a window of four sections, the last one half as long.", shortLastSection),
      ...complete,
    ],
    pass: "Every window and the End are answered 0.",
  }),
  g988({
    id: "extended.too-long",
    title: "A section of 1966 bytes",
    clause: "A.2.23 to A.2.32",
    objective: "A frame longer than an extended message can be is dropped.",
    preconditions: ["image", "free"],
    only: "extended",
    steps: [
      start(4),
      step("Send a section with AR and 1966 bytes of data: no answer.", async (t) => {
        const head = t.link.encode(
          { type: "downloadSectionRequest", ackRequested: true, sectionNumber: 0, data: new Uint8Array(1) },
          { instanceId: t.images.target },
        );
        const pdu = new Uint8Array(EXTENDED_SECTION_AT + largest + 1);
        pdu.set(head.subarray(0, EXTENDED_SECTION_AT));
        pdu[8] = (largest + 2) >> 8;
        pdu[9] = (largest + 2) & 0xff;
        await t.link.sendUnanswered(pdu, "the contents were longer than 1966 bytes");
      }),
      ...complete,
    ],
    pass: "Silence; the download succeeds.",
  }),
  g988({
    id: "mixed.commands-baseline",
    title: "Start and End in baseline, sections in extended",
    clause: "11.2",
    objective: "An ONT with the extended set takes both at any time, and answers in the set of the request.",
    preconditions: ["image", "free"],
    only: "extended",
    steps: [
      step("Start in baseline.", (t) => t.download.start({ windowSections: 8, messageSet: "baseline" })),
      step("Send all windows in extended.", (t) => t.download.rest()),
      step("End in baseline.", (t) => t.download.end({ messageSet: "baseline" })),
    ],
    pass: "All answers are 0, each in the set of its request.",
  }),
  g988({
    id: "mixed.windows",
    title: "Windows in baseline and in extended by turns",
    clause: "11.2",
    objective: "The message set may change from window to window.",
    preconditions: ["image", "free"],
    only: "extended",
    steps: [
      start(8),
      step("Send six windows, every second one in baseline.", async (t) => {
        for (let pair = 0; pair < 3; pair++) {
          await t.download.window();
          await t.download.window({ messageSet: "baseline" });
        }
      }),
      ...complete,
    ],
    pass: "Every window and the End are answered 0.",
  }),
  g988({
    id: "mixed.get",
    title: "Gets of the other message set between sections",
    clause: "11.2",
    objective: "A request of the other set is answered in that set, and does not touch the download.",
    preconditions: ["image", "free"],
    only: "extended",
    steps: [
      start(8),
      step("Send a window; after each section Get the flags of the original in baseline.", async (t) => {
        const address = { messageSet: "baseline", instanceId: t.images.original } as const;
        await t.download.window({
          between: async () => void (await t.link.ask({ type: "getRequest", attributeMask: flagsMask }, address)),
        });
      }),
      ...complete,
    ],
    pass: "Every Get is answered in baseline; the windows and the End are answered 0.",
  }),
];

/** Other requests while a download runs. */
export const concurrentCases = [
  g988({
    id: "concurrent.get",
    title: "Gets between the sections of a window",
    clause: "11.2, I.3",
    objective: "Management goes on during a download.",
    preconditions: ["image", "free"],
    steps: [
      start(8),
      step("Send three windows; after each section but the last Get the flags of the original.", async (t) => {
        for (let window = 0; window < 3; window++)
          await t.download.window({ between: async () => void (await t.images.read(t.images.original)) });
      }),
      ...complete,
      flags("after the download", "1/1/1", "0/0/1"),
    ],
    pass: "Every Get is answered; the windows and the End are answered 0.",
  }),
  g988({
    id: "concurrent.get-high",
    title: "High-priority Gets between the sections of a window",
    clause: "11.2, B.2",
    objective: "Requests of high priority, TCI bit 15, have a transaction of their own.",
    preconditions: ["image", "free"],
    only: "baseline",
    steps: [
      start(8),
      step(
        "Send three windows; after each section but the last Get the flags of the original at high priority.",
        async (t) => {
          for (let window = 0; window < 3; window++) {
            await t.download.window({
              between: async () => {
                const address = { instanceId: t.images.original, tci: t.link.nextHighTci() };
                await t.link.ask({ type: "getRequest", attributeMask: flagsMask }, address);
              },
            });
          }
        },
      ),
      ...complete,
    ],
    pass: "Every Get is answered; the windows and the End are answered 0.",
  }),
  field({
    id: "concurrent.burst",
    title: "Ten Gets at once",
    clause: "B.2",
    objective: "An OLT has one request of each priority under way; ONTs behind a relay get bursts all the same.",
    preconditions: ["free"],
    steps: [
      step("Send ten Gets without waiting: each is answered.", async (t) => {
        const since = t.link.inbox.length;
        const requests = Array.from({ length: 10 }, () =>
          t.link.sendBytes(t.link.encode({ type: "getRequest", attributeMask: flagsMask })),
        );
        for (const request of requests) await t.link.answerTo("getRequest", request, since);
      }),
    ],
    pass: "Ten answers.",
  }),
  g988({
    id: "concurrent.pause",
    title: "A pause in the middle of a window",
    clause: "I.3",
    objective: "The timers are the OLT's: a download that pauses for a minute goes on.",
    preconditions: ["image", "free"],
    steps: [
      step("Start, send half a window, wait 60 s, send the other half: the answer is 0.", async (t) => {
        await startWindow(t, 8);
        const between = async (number: number): Promise<void> => {
          if (number === 3) await t.link.pause(60_000);
        };
        await t.download.window({ between });
      }),
      rest,
      end,
    ],
    pass: "Every window and the End are answered 0.",
  }),
];

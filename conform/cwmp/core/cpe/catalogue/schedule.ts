/** Cases: ScheduleDownload: windows, their modes, and what becomes of those that pass. */
import {
  CPE_FAULTS,
  CWMP_FILE_TYPES,
  CWMP_WINDOW_MODES,
  type CwmpRequestOf,
  type CwmpTimeWindow,
} from "../../../../../cwmp/index.ts";
import { NotApplicable } from "../../../../core/index.ts";
import type { ServedRule } from "../files.ts";
import type { CpeTester } from "../tester.ts";
import {
  codeOf,
  endsWith,
  fail,
  hasEvent,
  JUNK,
  M_SCHEDULE_DOWNLOAD,
  step,
  tr069,
  TRANSFER_COMPLETE,
} from "./steps.ts";

const { atAnyTime, immediately, confirmationNeeded } = CWMP_WINDOW_MODES;
const START_SECONDS = 20;
const END_SECONDS = 80;
const LATER_SECONDS = 100;
const LATER_END_SECONDS = 160;

const window = (
  windowStartSeconds: number,
  windowEndSeconds: number,
  windowMode: string = atAnyTime,
  maxRetries = 0,
): CwmpTimeWindow => ({ windowStartSeconds, windowEndSeconds, windowMode, userMessage: "", maxRetries });

interface Scheduled {
  commandKey: string;
  name: string;
  /** When it was answered. */
  fromNs: number;
}

const request = (t: CpeTester, url: string, windows: readonly CwmpTimeWindow[]): CwmpRequestOf<"ScheduleDownload"> => ({
  method: "ScheduleDownload",
  commandKey: t.key(),
  fileType: CWMP_FILE_TYPES.firmware,
  url,
  username: "",
  password: "",
  fileSizeBytes: 0,
  targetFileName: "",
  windows,
});

async function schedule(t: CpeTester, rule: Partial<ServedRule>, ...windows: CwmpTimeWindow[]): Promise<Scheduled> {
  const name = `window-${t.key()}.bin`;
  const asked = request(t, t.serve(name, { bytes: JUNK, ...rule }), windows);
  await t.askOptional(asked);
  return { commandKey: asked.commandKey, name, fromNs: t.way.nowNs() };
}

/** Seconds after the answer at which it was fetched; each time. */
const fetched = (t: CpeTester, { name, fromNs }: Scheduled): { seconds: number; exchange: number }[] =>
  t.files.of(name).map(({ timeNs, exchange }) => ({ seconds: (timeNs - fromNs) / 1e9, exchange }));

/** Each fetch lies in one of the windows, a second of which may be ours. */
function within(t: CpeTester, scheduled: Scheduled, ...windows: (readonly [number, number])[]): void {
  for (const { seconds, exchange } of fetched(t, scheduled))
    if (!windows.some(([from, to]) => seconds >= from - 1 && seconds <= to + 1))
      fail(seconds < windows[0]![0] ? "too-early" : "too-late", `fetched after ${seconds.toFixed(1)} s`, exchange);
}

const badWindows = (name: string, title: string, objective: string, ...windows: CwmpTimeWindow[]) =>
  tr069({
    id: `schedule.${name}`,
    title,
    clause: "A.4.1.8",
    objective,
    preconditions: [],
    steps: [
      step("ScheduleDownload with such windows: 9003.", async (t) => {
        if (t.known.methods?.has("ScheduleDownload") === false)
          throw new NotApplicable("the CPE has no ScheduleDownload");
        await t.refused(
          request(t, t.serve("bad.bin", { bytes: JUNK }), windows),
          [CPE_FAULTS.invalidArguments],
          "to ScheduleDownload",
        );
      }),
    ],
    pass: "9003.",
  });

export const scheduleCases = [
  tr069({
    id: "schedule.window",
    title: "A transfer is done in its window",
    clause: "A.4.1.8",
    objective: "WindowStart and WindowEnd count from the request; nothing is fetched outside.",
    preconditions: [],
    steps: [
      step(`ScheduleDownload with a window from ${START_SECONDS} to ${END_SECONDS} s.`, async (t) => {
        const scheduled = await schedule(t, {}, window(START_SECONDS, END_SECONDS));
        await t.completed(scheduled.commandKey);
        if (fetched(t, scheduled).length === 0) fail("no-answer", "never fetched", t.log.last);
        within(t, scheduled, [START_SECONDS, END_SECONDS]);
      }),
    ],
    pass: "Fetched within the window.",
  }),
  tr069({
    id: "schedule.events",
    title: "The end of a scheduled transfer is told as such",
    clause: "3.7.1.5",
    objective:
      "7 TRANSFER COMPLETE, and M ScheduleDownload with the key, in the Inform; TransferComplete in that session.",
    preconditions: [],
    steps: [
      step("ScheduleDownload with a window from 1 s on.", async (t) => {
        const { commandKey } = await schedule(t, {}, window(1, END_SECONDS, immediately));
        const { session } = await t.completed(commandKey);
        hasEvent(session, TRANSFER_COMPLETE, "");
        hasEvent(session, M_SCHEDULE_DOWNLOAD, commandKey);
      }),
    ],
    pass: "Both events, each with its key.",
  }),
  tr069({
    id: "schedule.second-window",
    title: "What fails in the first window is tried in the second",
    clause: "A.4.1.8",
    objective: "Without retries (MaxRetries 0) a window has one try; the next window has its own.",
    preconditions: [],
    steps: [
      step("ScheduleDownload with two windows, of a file that is not there.", async (t) => {
        const windows = [window(START_SECONDS, END_SECONDS), window(LATER_SECONDS, LATER_END_SECONDS)];
        const scheduled = await schedule(t, { status: 404 }, ...windows);
        await endsWith(t, scheduled.commandKey, [CPE_FAULTS.fileNotReached, CPE_FAULTS.windowMissed]);
        within(t, scheduled, [START_SECONDS, END_SECONDS], [LATER_SECONDS, LATER_END_SECONDS]);
        if (!fetched(t, scheduled).some(({ seconds }) => seconds >= LATER_SECONDS - 1))
          fail("no-answer", "not tried in the second window", t.log.last);
      }),
    ],
    pass: "Tried in both windows and at no other time; then 9016 or 9020.",
  }),
  tr069({
    id: "schedule.missed",
    title: "A transfer that does not come to its end in its windows has failed",
    clause: "A.5.1",
    objective: "9020 once the last window is over.",
    preconditions: [],
    steps: [
      step("ScheduleDownload with a window of 10 s, of a file that the server never sends.", async (t) => {
        const scheduled = await schedule(t, { isSilent: true }, window(5, 15));
        const { session, post } = await endsWith(t, scheduled.commandKey, [CPE_FAULTS.windowMissed]);
        const seconds = (session.posts[0]!.timeNs - scheduled.fromNs) / 1e9;
        if (seconds < 14) fail("too-early", `told after ${seconds.toFixed(1)} s, while the window was open`, post);
      }),
    ],
    pass: "9020, not before the window is over.",
  }),
  tr069({
    id: "schedule.confirmation",
    title: "Without its user's word nothing is done where that is asked for",
    clause: "A.4.1.8",
    objective: "Mode 4 Confirmation Needed: nobody confirms, and the window passes: 9020.",
    preconditions: [],
    steps: [
      step("ScheduleDownload with a window of mode 4; confirm nothing.", async (t) => {
        const asked = request(t, t.serve("confirm.bin", { bytes: JUNK }), [window(5, 25, confirmationNeeded)]);
        const [task] = await t.tell(asked);
        const answer = t.answered(task!, "to ScheduleDownload with mode 4");
        if (answer.method === "Fault") throw new NotApplicable(`the CPE has no such mode (fault ${answer.faultCode})`);
        const complete = await t.completed(asked.commandKey);
        if (codeOf(complete) !== CPE_FAULTS.windowMissed)
          fail(
            codeOf(complete) === 0 ? "wrongly-accepted" : "wrong-fault",
            `fault ${codeOf(complete)}, not 9020`,
            complete.post,
          );
      }),
    ],
    pass: "9020.",
  }),
  badWindows(
    "reversed",
    "A window that ends before it begins is refused",
    "Such a window is never open.",
    window(20, 10),
  ),
  badWindows(
    "overlap",
    "Windows that overlap are refused",
    "The second begins after the first has ended.",
    window(10, 60),
    window(30, 90),
  ),
  badWindows(
    "mode",
    "A mode that there is not is refused",
    "WindowMode has four words, and those of vendors.",
    window(10, 60, "9 Whenever"),
  ),
];

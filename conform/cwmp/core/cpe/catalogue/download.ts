/** Cases: Download: how it is answered, when it begins, which fault which failure has. */
import { CPE_FAULTS, CWMP_FILE_TYPES } from "../../../../../cwmp/index.ts";
import { CWMP_LIMITS } from "../../limits.ts";
import {
  codeOf,
  download,
  endsWith,
  fail,
  failingDownload,
  field,
  hasEvent,
  JUNK,
  M_DOWNLOAD,
  step,
  tr069,
  TRANSFER_COMPLETE,
} from "./steps.ts";

const MS_PER_SECOND = 1000;
const DELAY_SECONDS = 30;
/** The clock of a device may be as much ahead of its answer. */
const DELAY_SLACK_SECONDS = 1;
const FAULTS = CPE_FAULTS;
/** Any of these says that a file was not taken. */
export const REFUSALS = [
  FAULTS.resourcesExceeded,
  FAULTS.transferFailed,
  FAULTS.downloadNotCompleted,
  FAULTS.fileCorrupted,
  FAULTS.fileAuthenticationFailed,
] as const;

export const downloadCases = [
  tr069({
    id: "download.answer",
    title: "Download is answered 0 or 1, and 1 by a TransferComplete",
    clause: "A.3.2.8",
    objective: "Status 0: it is done and applied, and nothing follows; 1: TransferComplete will follow.",
    preconditions: [],
    steps: [
      step("Download of a file that is no image; a TransferComplete follows exactly where Status was 1.", async (t) => {
        const asked = download(t, t.serve("answer.bin", { bytes: JUNK }));
        const [task] = await t.tell(asked);
        const { status } = t.response(task!, "Download", "to Download");
        if (status !== 0 && status !== 1) fail("wrong-result", `Status ${status}`, task!.answer!);
        if (status === 0) fail("wrongly-accepted", "Status 0: a file that is no image was applied", task!.answer!);
        await t.completed(asked.commandKey);
      }),
    ],
    pass: "1, and TransferComplete.",
  }),
  tr069({
    id: "download.events",
    title: "TransferComplete comes in a session that was opened for it",
    clause: "3.7.1.5",
    objective: "Its Inform has 7 TRANSFER COMPLETE without a key, and M Download with the key of the Download.",
    preconditions: [],
    steps: [
      step(
        "Download of a file that is no image; look at the Inform of the session with TransferComplete.",
        async (t) => {
          const { commandKey } = await failingDownload(t);
          const { session } = await t.completed(commandKey);
          hasEvent(session, TRANSFER_COMPLETE, "");
          hasEvent(session, M_DOWNLOAD, commandKey);
        },
      ),
    ],
    pass: "Both events, each with its key.",
  }),
  tr069({
    id: "download.key",
    title: "CommandKey comes back as it was sent",
    clause: "A.3.3.2",
    objective: "32 characters, also such as XML has others for.",
    preconditions: [],
    steps: [
      step("Download with a key of 32 characters with <, & and quotes.", async (t) => {
        const commandKey = t.issue(`<k&"'ü> ${t.key()}`.padEnd(32, ".").slice(0, 32));
        await failingDownload(t, { commandKey });
        const { session } = await t.completed(commandKey, { isStrict: true });
        hasEvent(session, M_DOWNLOAD, commandKey);
      }),
    ],
    pass: "The same key in TransferComplete and in M Download.",
  }),
  tr069({
    id: "download.times",
    title: "StartTime and CompleteTime are of this transfer",
    clause: "A.3.3.2",
    objective: "Both in UTC, in this order, or Unknown Time.",
    preconditions: [],
    steps: [
      step("Download of a file that is no image; look at the times of TransferComplete.", async (t) => {
        const { commandKey } = await failingDownload(t);
        const { message, post } = await t.completed(commandKey);
        const { startTime, completeTime } = message;
        if (startTime === "unknown" || completeTime === "unknown") return;
        if (startTime > completeTime) fail("wrong-time", "StartTime behind CompleteTime", post);
        if (completeTime < 0) return;
        const agoSeconds = (t.wallMs - completeTime) / MS_PER_SECOND;
        if (Math.abs(agoSeconds) > 86_400) fail("wrong-time", `CompleteTime ${Math.round(agoSeconds)} s ago`, post);
      }),
    ],
    pass: "In this order, within a day of our clock, or unknown.",
  }),
  tr069({
    id: "download.delay",
    title: "DelaySeconds is kept",
    clause: "A.3.2.8",
    objective: "Nothing is fetched before the delay is over, which begins with the answer; then it is fetched soon.",
    preconditions: [],
    steps: [
      step(`Download with DelaySeconds ${DELAY_SECONDS}; watch the file server.`, async (t) => {
        const { commandKey, name } = await failingDownload(t, { delaySeconds: DELAY_SECONDS });
        const answeredNs = t.way.nowNs();
        const isFetched = (): boolean => t.files.of(name).length > 0;
        const limitMs = DELAY_SECONDS * MS_PER_SECOND + CWMP_LIMITS.beginMs;
        if (!(await t.until(isFetched, limitMs)))
          fail("too-late", `not fetched within ${limitMs / MS_PER_SECOND} s`, t.log.last);
        const { timeNs, exchange } = t.files.of(name)[0]!;
        const seconds = (timeNs - answeredNs) / 1e9;
        if (seconds < DELAY_SECONDS - DELAY_SLACK_SECONDS)
          fail("too-early", `fetched after ${seconds.toFixed(1)} s`, exchange);
        await t.completed(commandKey);
      }),
    ],
    pass: `Not before ${DELAY_SECONDS} s, and within a minute afterwards.`,
  }),
  tr069({
    id: "download.session-first",
    title: "A delayed transfer is not done in the session that asked for it",
    clause: "A.3.2.8",
    objective: "DelaySeconds above 0: Status is 1, and TransferComplete is for another session.",
    preconditions: [],
    steps: [
      step("Download with DelaySeconds 1; look in which session TransferComplete comes.", async (t) => {
        const { commandKey } = await failingDownload(t, { delaySeconds: 1 });
        const asking = t.acs.sessions.at(-1);
        const { session, post } = await t.completed(commandKey);
        if (session === asking) fail("wrong-session", "TransferComplete in the session of the Download", post);
      }),
    ],
    pass: "Another session.",
  }),
  tr069({
    id: "download.file-type",
    title: "A FileType that there is not is refused",
    clause: "A.3.2.8",
    objective: "9003, or 9001, at once: nothing is fetched.",
    preconditions: [],
    steps: [
      step("Download with FileType 99 Nothing.", async (t) => {
        const asked = download(t, t.serve("type.bin", { bytes: JUNK }), { fileType: "99 Nothing" });
        await t.refused(asked, [FAULTS.invalidArguments, FAULTS.requestDenied], "to a FileType that there is not");
        if (t.files.of("type.bin").length > 0) fail("wrongly-accepted", "fetched all the same", t.log.last);
      }),
    ],
    pass: "9003 or 9001, and no fetch.",
  }),
  tr069({
    id: "download.protocol",
    title: "A protocol that the CPE does not speak is refused",
    clause: "A.5.1",
    objective: "9013, at once or in TransferComplete.",
    preconditions: [],
    steps: [
      step("Download from gopher://.", async (t) => {
        const asked = download(t, "gopher://192.0.2.1/file.bin");
        const [task] = await t.tell(asked);
        const answer = t.answered(task!, "to Download from gopher://");
        if (answer.method === "Fault")
          t.fault(task!, [FAULTS.protocolNotSupported, FAULTS.invalidArguments], "to Download from gopher://");
        else await endsWith(t, asked.commandKey, [FAULTS.protocolNotSupported]);
      }),
    ],
    pass: "9013 (at once also 9003).",
  }),
  tr069({
    id: "download.digest",
    title: "Name and password of the file are shown by digest",
    clause: "3.4.3",
    objective: "The file server asks for a digest; Username and Password of Download answer it.",
    preconditions: [],
    steps: [
      step("Download of a file behind a digest, with the right password.", async (t) => {
        const credentials = { username: "reader", password: 'r"ght' };
        const asked = download(t, t.serve("digest.bin", { bytes: JUNK, credentials }), credentials);
        await t.ask(asked);
        await t.completed(asked.commandKey);
        const gets = t.files.of("digest.bin");
        if (gets.length === 0) fail("no-answer", "nobody came for the file", t.log.last);
        if (!gets.some(({ isKnown }) => isKnown)) fail("locked-out", "no right digest", gets.at(-1)!.exchange);
      }),
    ],
    pass: "The file is fetched with a right digest.",
  }),
  tr069({
    id: "download.junk",
    title: "A file that is no image is not installed",
    clause: "A.3.2.8",
    objective: "Firmware that cannot be firmware is refused, and the CPE runs what it ran.",
    preconditions: [],
    steps: [
      step("Download of bytes without a meaning as firmware.", async (t) => {
        const before = t.known.softwareVersion;
        const { commandKey } = await failingDownload(t);
        await endsWith(t, commandKey, REFUSALS);
        await t.call();
        if (t.known.softwareVersion !== before)
          fail("wrong-version", `it runs ${t.known.softwareVersion}, not ${before}`, t.log.last);
      }),
    ],
    pass: "A fault from 9004, 9010, 9017, 9018, 9019; the same version.",
  }),
  field({
    id: "download.restart",
    title: "A download that failed restarts nothing",
    clause: "A.3.2.8",
    objective: "A CPE that takes no image has no reason to restart.",
    preconditions: [],
    steps: [
      step("Download of bytes without a meaning; no 1 BOOT until it is told of.", async (t) => {
        const from = t.acs.sessions.length;
        const { commandKey } = await failingDownload(t);
        await t.completed(commandKey);
        const booted = t.acs.sessions
          .slice(from)
          .find(({ inform }) => inform.events.some(({ eventCode }) => eventCode === "1 BOOT"));
        if (booted !== undefined) fail("unasked-restart", "1 BOOT", booted);
      }),
    ],
    pass: "No 1 BOOT.",
  }),
  tr069({
    id: "download.configuration",
    title: "FileType 3 is taken, or refused at once",
    clause: "A.3.2.8",
    objective: "A configuration that cannot be read ends in a fault, and changes nothing.",
    preconditions: [],
    steps: [
      step("Download of bytes without a meaning as configuration.", async (t) => {
        const asked = download(t, t.serve("config.bin", { bytes: JUNK }), { fileType: CWMP_FILE_TYPES.configuration });
        const [task] = await t.tell(asked);
        if (t.answered(task!, "to Download of a configuration").method === "Fault") return;
        const complete = await t.completed(asked.commandKey);
        if (codeOf(complete) === 0) fail("wrongly-accepted", "a configuration that is none was taken", complete.post);
      }),
      step("The CPE can be asked as before.", (t) => t.ask({ method: "GetRPCMethods" })),
    ],
    pass: "A fault, at once or in TransferComplete.",
  }),
];

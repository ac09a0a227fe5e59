/** Cases: what an ONT tells unasked or keeps count of: attribute value changes, MIB data sync, image hash. */
import { ONU_DATA, RESULT, SOFTWARE_IMAGE, maskOf } from "../../../omci/index.ts";
import { framedResultOf } from "../link.ts";
import { step, type Step } from "../case.ts";
import { CaseFailure, NotApplicable } from "../failure.ts";
import { checkAvcForm, expectAvc } from "../notifications.ts";
import { expectResult, type Tester } from "../tester.ts";
import { flags, g988, startWindow } from "./steps.ts";

const ROLLS_AFTER = 255;

/** The counter after one more executed command (G.988 9.1.3): it leaves 0 out when it rolls over. */
const counted = (value: number, commands: number): number => {
  let next = value;
  for (let command = 0; command < commands; command++) next = next === ROLLS_AFTER ? 1 : next + 1;
  return next;
};

/** Does something that counts so many times, and compares MIB data sync before and after. */
const counts = (text: string, commands: number, act: (t: Tester) => Promise<unknown>): Step =>
  step(text, async (t) => {
    const before = await t.sync();
    await act(t);
    const after = await t.sync();
    const wanted = counted(before.value, commands);
    if (after.value === wanted) return;
    const said = `MIB data sync went from ${before.value} to ${after.value}; ${wanted} is wanted`;
    throw new CaseFailure("wrong-sync", said, after.frame, "9.1.3, table 11.2.2-1");
  });

const whole = (t: Tester): Promise<void> => t.download.whole();

/** Attribute value changes. */
export const avcCases = [
  g988({
    id: "avc.valid",
    title: "A stored image is reported",
    clause: "9.1.4",
    objective: "When End is done, is-valid of the target becomes 1, and an attribute value change says so.",
    preconditions: ["image", "free"],
    steps: [
      step("Download the image; wait for an attribute value change with is-valid 1 of the target.", async (t) => {
        await startWindow(t, 8);
        await t.download.rest();
        const since = t.link.inbox.length;
        await t.download.end();
        await expectAvc(t.link, since, t.images.target, "isValid", 1);
      }),
    ],
    pass: "The change is reported within 5 s.",
  }),
  g988({
    id: "avc.form",
    title: "Form of attribute value changes",
    clause: "9.1.4, 11.2",
    objective: "TCI 0, neither AR nor AK, unused contents zero, extended contents as long as they say.",
    preconditions: ["image", "free"],
    steps: [
      step("Download the image; look at all notifications that came in.", async (t) => {
        const since = t.link.inbox.length;
        await whole(t);
        await expectAvc(t.link, since, t.images.target, "isValid", 1);
        checkAvcForm(t.link, since);
      }),
    ],
    pass: "All notifications are well formed.",
  }),
  g988({
    id: "avc.withdrawn",
    title: "A withdrawn image is reported",
    clause: "9.1.4",
    objective: "When Start withdraws a valid image, is-valid becomes 0, and an attribute value change says so.",
    preconditions: ["stored"],
    steps: [
      step(
        "Start and send one window; wait for an attribute value change with is-valid 0 of the target.",
        async (t) => {
          const since = t.link.inbox.length;
          await startWindow(t, 8);
          await t.download.window();
          await expectAvc(t.link, since, t.images.target, "isValid", 0);
        },
      ),
    ],
    pass: "The change is reported within 5 s.",
  }),
  g988({
    id: "avc.committed",
    title: "A Commit is reported",
    clause: "9.1.4",
    objective: "Commit of another image changes is-committed of both, and attribute value changes say so.",
    preconditions: ["stored"],
    steps: [
      step("Commit the target; wait for is-committed 1 of the target and 0 of the original.", async (t) => {
        const since = t.link.inbox.length;
        await t.commit(t.images.target);
        await expectAvc(t.link, since, t.images.target, "isCommitted", 1);
        await expectAvc(t.link, since, t.images.original, "isCommitted", 0);
      }),
      step("Commit the original again.", (t) => t.commit(t.images.original)),
    ],
    pass: "Both changes are reported within 5 s.",
  }),
  g988({
    id: "avc.baseline-session",
    title: "No extended notification before an extended request",
    clause: "11.2",
    objective: "After a restart both sides use baseline until the OLT has sent an extended message.",
    preconditions: ["stored"],
    steps: [
      step("Speak baseline from here on; Reboot, and wait until the ONT went down and answers again.", async (t) => {
        t.link.messageSet = "baseline";
        await t.reboot();
      }),
      step("Commit the target in baseline; the changes are reported in baseline.", async (t) => {
        const since = t.link.inbox.length;
        await t.commit(t.images.target);
        const { frame } = await expectAvc(t.link, since, t.images.target, "isCommitted", 1);
        if (frame.bytes[3] === 0x0a) return;
        throw new CaseFailure("wrong-notification", "the notification is extended, the session is not", frame.number);
      }),
      step("Commit the original again.", (t) => t.commit(t.images.original)),
    ],
    pass: "The notifications are baseline.",
    only: "extended",
  }),
];

/** MIB data sync. */
export const syncCases = [
  g988({
    id: "sync.download",
    title: "Start and End count in MIB data sync, sections do not",
    clause: "9.1.3, table 11.2.2-1",
    objective: "The counter follows executed commands.",
    preconditions: ["image", "free"],
    steps: [
      counts("Start: one more.", 1, (t) => startWindow(t, 8)),
      counts("Windows: no change.", 0, (t) => t.download.rest()),
      counts("End until it is answered 0: one more.", 1, (t) => t.download.end()),
    ],
    pass: "Start and End add one each, windows nothing.",
  }),
  g988({
    id: "sync.commit",
    title: "Commit counts in MIB data sync",
    clause: "9.1.3, table 11.2.2-1",
    objective: "The counter follows executed commands.",
    preconditions: ["stored"],
    steps: [
      counts("Commit of the target: one more.", 1, (t) => t.commit(t.images.target)),
      counts("Commit of the original: one more.", 1, (t) => t.commit(t.images.original)),
    ],
    pass: "Each adds one.",
  }),
  g988({
    id: "sync.get",
    title: "Gets do not count in MIB data sync",
    clause: "9.1.3, table 11.2.2-1",
    objective: "Reading changes nothing.",
    preconditions: ["free"],
    steps: [counts("Get of both images: no change.", 0, (t) => t.images.readBoth())],
    pass: "The counter stays.",
  }),
  g988({
    id: "sync.repeat",
    title: "A repeated command counts once",
    clause: "9.1.3, B.2",
    objective: "The repeat of a command whose answer was lost has no second effect.",
    preconditions: ["free"],
    steps: [
      counts("Start twice with the same TCI: one more.", 1, async (t) => {
        const tci = t.link.nextTci();
        await t.download.start({ tci });
        await t.download.start({ tci });
      }),
    ],
    pass: "Two equal Starts add one.",
  }),
  g988({
    id: "sync.rolls-over",
    title: "MIB data sync rolls over from 255 to 1",
    clause: "9.1.3",
    objective: "0 is kept for the time after a MIB reset.",
    preconditions: ["free"],
    steps: [
      step("Start 256 times with new TCIs, reading the counter after each: it is never 0.", async (t) => {
        let { value } = await t.sync();
        for (let times = 0; times < 256; times++) {
          await t.download.start();
          const { value: next, frame } = await t.sync();
          const wanted = counted(value, 1);
          if (next !== wanted)
            throw new CaseFailure(
              "wrong-sync",
              `MIB data sync went from ${value} to ${next}; ${wanted} is wanted`,
              frame,
            );
          value = next;
        }
      }),
    ],
    pass: "One more each time, and 1 after 255.",
  }),
  g988({
    id: "sync.mib-reset",
    title: "MIB reset",
    clause: "9.1.3",
    objective: "A MIB reset sets the counter to 0 and leaves the images alone.",
    preconditions: ["stored"],
    steps: [
      step("MIB reset: the answer is 0, MIB data sync is 0.", async (t) => {
        expectResult(
          "MIB reset",
          framedResultOf(await t.link.ask({ type: "mibResetRequest" }, { classId: ONU_DATA })),
          [RESULT.ok],
        );
        const { value, frame: readIn } = await t.sync();
        if (value !== 0) throw new CaseFailure("wrong-sync", `MIB data sync is ${value} after a MIB reset`, readIn);
      }),
      flags("after a MIB reset", "1/1/1", "0/0/1"),
    ],
    pass: "0, and the images as before.",
  }),
];

/** Image hash. */
export const hashCases = [
  g988({
    id: "hash.md5",
    title: "Image hash",
    clause: "9.1.4",
    objective: "The optional image hash is the MD5 of the image, made when End completes.",
    preconditions: ["stored"],
    steps: [
      step("Get attribute 6 of the target.", async (t) => {
        const attributeMask = maskOf(SOFTWARE_IMAGE, "imageHash");
        const { message, frame } = await t.link.ask(
          { type: "getRequest", attributeMask },
          { instanceId: t.images.target },
        );
        if (message.result === RESULT.attributeFailed && message.optionalAttributeMask === attributeMask)
          throw new NotApplicable("the ONT has no image hash attribute");
        expectResult("Get of the image hash", { result: message.result, frame: frame.number }, [RESULT.ok]);
        const hash = Buffer.from(message.values.subarray(0, 16)).toString("hex");
        const wanted = t.download.image.md5;
        if (hash !== wanted)
          throw new CaseFailure("wrong-hash", `the hash is ${hash}; the image's MD5 is ${wanted}`, frame.number);
      }),
    ],
    pass: "The MD5 of the image, or 9 with the attribute in the optional-attribute mask.",
  }),
  g988({
    id: "hash.after-abort",
    title: "No old hash on a withdrawn image",
    clause: "9.1.4",
    objective: "The hash of an image that is not there any more is not reported for what takes its place.",
    preconditions: ["stored"],
    steps: [
      step("Start and give the download up; Get attribute 6 of the target.", async (t) => {
        await t.download.start();
        await t.download.abort();
        const attributeMask = maskOf(SOFTWARE_IMAGE, "imageHash");
        const { message, frame } = await t.link.ask(
          { type: "getRequest", attributeMask },
          { instanceId: t.images.target },
        );
        const hash = Buffer.from(message.values.subarray(0, 16)).toString("hex");
        if (message.result !== RESULT.ok || hash !== t.download.image.md5) return;
        throw new CaseFailure("wrong-hash", "the hash is still that of the image that was withdrawn", frame.number);
      }),
    ],
    pass: "Anything but the hash of the image before.",
  }),
];

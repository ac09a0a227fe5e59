/** Cases: several transfers, their listing, cancelling, and restarts while they wait. */
import { CPE_FAULTS } from "../../../../../cwmp/index.ts";
import { CannotTest } from "../../../../core/index.ts";
import { CWMP_LIMITS } from "../../limits.ts";
import { messageOf } from "../acs.ts";
import type { CpeTester } from "../tester.ts";
import { BOOT, download, fail, failingDownload, JUNK, step, tr069 } from "./steps.ts";

const QUEUED = 1;
const MS_PER_SECOND = 1000;
const DELAY_SECONDS = 30;
const LONG_SECONDS = 120;
const MANY = 24;

/** What is left of them is cancelled, where the CPE can. */
async function cancelAll(t: CpeTester, keys: readonly string[]): Promise<void> {
  await t.tell(...keys.map((commandKey) => ({ method: "CancelTransfer", commandKey }) as const));
}

const delayed = (t: CpeTester, name: string, delaySeconds: number) =>
  download(t, t.serve(`${name}.bin`, { bytes: JUNK }), { delaySeconds });

export const queueCases = [
  tr069({
    id: "queue.three",
    title: "Three transfers may wait",
    clause: "A.3.2.8",
    objective: "A CPE queues three transfers at least, and tells of each with its own key.",
    preconditions: [],
    steps: [
      step(`Three Downloads with DelaySeconds ${DELAY_SECONDS} in one session: each is answered 1.`, async (t) => {
        const asked = [1, 2, 3].map((number) => delayed(t, `three-${number}`, DELAY_SECONDS));
        const tasks = await t.tell(...asked);
        for (const task of tasks) {
          const { status } = t.response(task, "Download", "to one of three Downloads");
          if (status !== 1) fail("wrong-result", `Status ${status}`, task.answer!);
        }
        for (const { commandKey } of asked) await t.completed(commandKey, { isStrict: true });
        for (const { commandKey } of asked) {
          const [, again] = t.completesOf(commandKey);
          if (again !== undefined)
            fail("reported-again", `TransferComplete twice for ${commandKey}`, again.post, "A.3.3.2");
        }
      }),
    ],
    pass: "Three times 1, three TransferCompletes, each with its key.",
  }),
  tr069({
    id: "queue.full",
    title: "A transfer that finds no room is refused by 9004",
    clause: "A.3.2.8",
    objective: "Beyond what it can queue a CPE answers 9004, and forgets none that it has taken.",
    preconditions: [],
    steps: [
      step(`Downloads with DelaySeconds ${LONG_SECONDS} until one is refused, ${MANY} at most.`, async (t) => {
        const asked = Array.from({ length: MANY }, (_, number) => delayed(t, `full-${number}`, LONG_SECONDS));
        const tasks = await t.tell(...asked);
        const taken = asked.filter((_, index) => messageOf(tasks[index]!.answer)?.method === "DownloadResponse");
        if (taken.length < 3)
          fail(
            "wrongly-refused",
            `${taken.length} taken, 3 at least are wanted`,
            tasks[taken.length]!.answer ?? t.log.last,
          );
        for (const task of tasks.slice(taken.length))
          t.fault(task, [CPE_FAULTS.resourcesExceeded], `to a Download behind ${taken.length} that wait`);
        await cancelAll(
          t,
          taken.map(({ commandKey }) => commandKey),
        );
      }),
    ],
    pass: "Three at least are taken; those beyond get 9004.",
  }),
  tr069({
    id: "queue.listing",
    title: "GetAllQueuedTransfers shows what waits",
    clause: "A.4.1.7",
    objective:
      "A transfer that has not begun has state 1, with what the Download said of it; when it is done it is gone.",
    preconditions: [],
    steps: [
      step(`Download with DelaySeconds ${DELAY_SECONDS}; GetAllQueuedTransfers before and after.`, async (t) => {
        await t.askOptional({ method: "GetAllQueuedTransfers" });
        const asked = {
          ...delayed(t, "listed", DELAY_SECONDS),
          fileSizeBytes: JUNK.length,
          targetFileName: "listed.bin",
        };
        await t.ask(asked);
        const { transfers } = await t.ask({ method: "GetAllQueuedTransfers" });
        const found = transfers.find(({ commandKey }) => commandKey === asked.commandKey);
        if (found === undefined) fail("wrong-attribute", "it is not listed", t.log.last);
        if (found.state !== QUEUED) fail("wrong-attribute", `state ${found.state}, not ${QUEUED}`, t.log.last);
        if (!found.isDownload || found.fileType !== asked.fileType)
          fail("wrong-attribute", `IsDownload ${found.isDownload}, FileType "${found.fileType}"`, t.log.last);
        await t.completed(asked.commandKey);
        const after = await t.ask({ method: "GetAllQueuedTransfers" });
        if (after.transfers.some(({ commandKey }) => commandKey === asked.commandKey))
          fail("wrong-attribute", "it is listed after its TransferComplete", t.log.last);
      }),
    ],
    pass: "State 1 while it waits; gone afterwards.",
  }),
  tr069({
    id: "queue.old-listing",
    title: "GetQueuedTransfers shows what waits",
    clause: "A.4.1.1",
    objective: "The older method lists key and state.",
    preconditions: [],
    steps: [
      step(`Download with DelaySeconds ${DELAY_SECONDS}; GetQueuedTransfers.`, async (t) => {
        await t.askOptional({ method: "GetQueuedTransfers" });
        const asked = delayed(t, "old-listed", DELAY_SECONDS);
        await t.ask(asked);
        const { transfers } = await t.ask({ method: "GetQueuedTransfers" });
        const state = transfers.find(({ commandKey }) => commandKey === asked.commandKey)?.state;
        if (state !== QUEUED) fail("wrong-attribute", `state ${state ?? "none: it is not listed"}`, t.log.last);
        await t.completed(asked.commandKey);
      }),
    ],
    pass: "State 1 while it waits.",
  }),
  tr069({
    id: "queue.cancel",
    title: "A cancelled transfer is neither done nor told of",
    clause: "A.4.1.9",
    objective: "CancelTransfer of one that waits: nothing is fetched, no TransferComplete comes, and it is not listed.",
    preconditions: [],
    steps: [
      step(
        `Download with DelaySeconds ${DELAY_SECONDS}, CancelTransfer; wait until well behind the delay.`,
        async (t) => {
          const asked = delayed(t, "cancelled", DELAY_SECONDS);
          await t.ask(asked);
          await t.askOptional({ method: "CancelTransfer", commandKey: asked.commandKey });
          await t.rest((DELAY_SECONDS * MS_PER_SECOND + CWMP_LIMITS.silenceMs) * t.way.timeScale);
          const [fetched] = t.files.of("cancelled.bin");
          if (fetched !== undefined) fail("wrongly-accepted", "fetched all the same", fetched.exchange);
          const [told] = t.completesOf(asked.commandKey);
          if (told !== undefined) fail("reported-again", "TransferComplete all the same", told.post);
        },
      ),
    ],
    pass: "Nothing.",
  }),
  tr069({
    id: "queue.order",
    title: "What is due first is done first",
    clause: "A.3.2.8",
    objective: "DelaySeconds says when; a later Download may be due before an earlier one.",
    preconditions: [],
    steps: [
      step("Two Downloads, the second of which is due first.", async (t) => {
        const [late, early] = [delayed(t, "late", 60), delayed(t, "early", 20)];
        await t.tell(late, early);
        for (const { commandKey } of [early, late]) await t.completed(commandKey);
        const at = (name: string): number => t.files.of(`${name}.bin`)[0]?.timeNs ?? Infinity;
        if (at("early") > at("late")) fail("too-late", "the one that is due first was fetched last", t.log.last);
      }),
    ],
    pass: "The second is fetched first.",
  }),
  tr069({
    id: "queue.after-restart",
    title: "A transfer that waits outlives a restart",
    clause: "A.3.2.8",
    objective: "What was queued is done, whatever restarts come between.",
    preconditions: ["power"],
    steps: [
      step(`Download with DelaySeconds ${DELAY_SECONDS}; take the power away while it waits.`, async (t) => {
        const { commandKey, name } = await failingDownload(t, { delaySeconds: DELAY_SECONDS });
        await t.quiet();
        await t.powerCycle();
        await t.informed([BOOT], CWMP_LIMITS.restartMs);
        await t.completed(commandKey);
        if (t.files.of(name).length === 0) fail("not-kept", "told of, and never fetched", t.log.last);
      }),
    ],
    pass: "Fetched, and told of.",
  }),
  tr069({
    id: "queue.cut-in-transfer",
    title: "A power cut in the middle of a transfer is told of, one way or the other",
    clause: "3.7.1.5",
    objective: "After it the transfer goes on, or has failed; the ACS hears of it once.",
    preconditions: ["power", "image"],
    steps: [
      step("Download of the image; take the power away when it has begun.", async (t) => {
        const url = t.serve("power.bin", { bytes: t.image!.bytes });
        const asked = download(t, url, { fileSizeBytes: t.image!.bytes.length });
        await t.ask(asked);
        if (!(await t.until(() => t.files.of("power.bin").length > 0, CWMP_LIMITS.beginMs)))
          throw new CannotTest("the CPE does not fetch the image");
        await t.rest(500);
        await t.powerCycle();
        await t.informed([BOOT], CWMP_LIMITS.restartMs);
        await t.completed(asked.commandKey);
        await t.call();
        await t.quiet();
        const [, again] = t.completesOf(asked.commandKey);
        if (again !== undefined) fail("reported-again", "TransferComplete twice", again.post, "A.3.3.2");
      }),
    ],
    pass: "One TransferComplete.",
  }),
];

/** Cases: TransferComplete: delivered once, and until it is acknowledged. */
import { ACS_FAULTS, cwmpFault } from "../../../../../cwmp/index.ts";
import { CWMP_LIMITS } from "../../limits.ts";
import { codesOf, type HeardComplete, type HeardPost, idOf, messageOf } from "../acs.ts";
import type { CpeTester } from "../tester.ts";
import { BOOT, codeOf, fail, failingDownload, hasEvent, M_DOWNLOAD, step, tr069, TRANSFER_COMPLETE } from "./steps.ts";

const isReport = (post: HeardPost): boolean => messageOf(post)?.method === "TransferComplete";

/** A failed download, of which the report has been heard and not been acknowledged. */
async function unacknowledged(t: CpeTester): Promise<HeardComplete> {
  t.acs.rule = (post) => (isReport(post) ? { status: 200, breaks: true } : undefined);
  const { commandKey } = await failingDownload(t);
  const complete = await t.completed(commandKey);
  t.acs.rule = () => undefined;
  return complete;
}

/** It comes again, and says the same. */
async function comesAgain(t: CpeTester, first: HeardComplete): Promise<HeardComplete> {
  const { commandKey } = first.message;
  const heard = t.completesOf(commandKey).length;
  if (!(await t.until(() => t.completesOf(commandKey).length > heard, CWMP_LIMITS.transferMs)))
    fail("no-report", "it was not acknowledged, and did not come again", first.post);
  await t.quiet();
  const again = t.completesOf(commandKey)[heard]!;
  if (codeOf(again) !== codeOf(first))
    fail("wrong-fault", `fault ${codeOf(again)}, before ${codeOf(first)}`, again.post);
  return again;
}

/** Nothing more is heard of it, in two sessions. */
async function isOver(t: CpeTester, { message: { commandKey } }: HeardComplete): Promise<void> {
  const heard = t.completesOf(commandKey).length;
  for (let sessions = 0; sessions < 2; sessions++) {
    const session = await t.call();
    await t.quiet();
    const again = t.completesOf(commandKey)[heard];
    if (again !== undefined) fail("reported-again", "TransferComplete again, although it was acknowledged", again.post);
    if (codesOf(session).includes(M_DOWNLOAD)) fail("reported-again", `${M_DOWNLOAD} again`, session, "3.7.1.5");
  }
}

export const reportCases = [
  tr069({
    id: "report.once",
    title: "A transfer is told of once",
    clause: "A.3.3.2",
    objective: "TransferCompleteResponse ends it: neither the event nor the request comes again.",
    preconditions: [],
    steps: [
      step("Have a download fail, and acknowledge TransferComplete; have the CPE come twice.", async (t) => {
        const { commandKey } = await failingDownload(t);
        const complete = await t.completed(commandKey);
        const [, again] = t.completesOf(complete.message.commandKey);
        if (again !== undefined)
          fail("reported-again", "TransferComplete twice, although it was acknowledged", again.post);
        await isOver(t, complete);
      }),
    ],
    pass: "One TransferComplete.",
  }),
  tr069({
    id: "report.until-acknowledged",
    title: "A transfer is told of until that is acknowledged",
    clause: "A.3.3.2",
    objective: "Where no TransferCompleteResponse comes, it is told again in another session, with its events.",
    preconditions: [],
    steps: [
      step("Have a download fail; break the connection at TransferComplete.", async (t) => {
        const first = await unacknowledged(t);
        const again = await comesAgain(t, first);
        if (again.session === first.session) fail("wrong-session", "in the session that broke", again.post);
        hasEvent(again.session, TRANSFER_COMPLETE, "");
        if (!codesOf(again.session).includes(M_DOWNLOAD))
          fail("wrong-event", `the Inform has no ${M_DOWNLOAD}`, again.session, "3.7.1.5");
        await isOver(t, again);
      }),
    ],
    pass: "The same again with both events, then nothing more.",
  }),
  tr069({
    id: "report.after-restart",
    title: "What was not acknowledged outlives a restart",
    clause: "3.7.1.5",
    objective: "7 TRANSFER COMPLETE must not be thrown away, not even by a restart.",
    preconditions: ["power"],
    steps: [
      step("Have a download fail; break the connection at TransferComplete; take the power away.", async (t) => {
        const first = await unacknowledged(t);
        await t.powerCycle();
        await t.informed([BOOT], CWMP_LIMITS.restartMs, t.acs.sessions.length);
        if (t.completesOf(first.message.commandKey).length === 1) await comesAgain(t, first);
        await t.quiet();
        await isOver(t, first);
      }),
    ],
    pass: "Told after the restart, and then no more.",
  }),
  tr069({
    id: "report.retry-request",
    title: "8005 wants the same request once more",
    clause: "A.5.2",
    objective: "An ACS that answers a request by fault 8005 gets it again, in the same session.",
    preconditions: [],
    steps: [
      step("Have a download fail; answer TransferComplete by fault 8005, then as ever.", async (t) => {
        let asks = 0;
        t.acs.rule = (post) =>
          isReport(post) && ++asks === 1 ? cwmpFault(ACS_FAULTS.retryRequest, "on purpose") : undefined;
        const { commandKey } = await failingDownload(t);
        const first = await t.completed(commandKey);
        const again = t.completesOf(first.message.commandKey)[1];
        if (again === undefined || again.session !== first.session)
          fail("no-report", "it did not come again in the same session", first.post);
        await isOver(t, first);
      }),
    ],
    pass: "Again in the same session, then no more.",
  }),
  tr069({
    id: "report.own-turn",
    title: "TransferComplete comes before the ACS has its turn",
    clause: "3.7.1.3",
    objective: "What the CPE has to say it says before its empty POST.",
    preconditions: [],
    steps: [
      step("Have a download fail; look where TransferComplete stands in its session.", async (t) => {
        const { commandKey } = await failingDownload(t);
        const { session, post } = await t.completed(commandKey);
        const turn = session.posts.findIndex(({ body }) => body.length === 0);
        const at = session.posts.indexOf(post);
        if (turn >= 0 && turn < at) fail("wrong-session", "TransferComplete behind the empty POST", post);
        if (idOf(post) === "") fail("wrong-id", "TransferComplete without an ID", post, "3.5");
      }),
    ],
    pass: "Between Inform and empty POST, with an ID.",
  }),
];

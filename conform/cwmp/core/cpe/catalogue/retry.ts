/** Cases: a session that failed is tried again, later each time. */
import { CWMP_LIMITS } from "../../limits.ts";
import { CannotTest } from "../../../../core/index.ts";
import { codesOf, type HeardSession, messageOf } from "../acs.ts";
import type { CpeTester } from "../tester.ts";
import { CONNECTION_REQUEST, fail, step, tr069 } from "./steps.ts";

const MINIMUM_SECONDS = 5;
const MULTIPLIER = 2;
/** On both sides of a wait: what the network and the device themselves take. */
const SLACK_SECONDS = 2;
const TRIES = 3;
const MS_PER_SECOND = 1000;

/** Every Inform is answered 503; or the connection breaks. @returns the sessions that failed */
async function failures(t: CpeTester, count: number): Promise<HeardSession[]> {
  const from = await t.calm();
  t.acs.rule = (post) => (messageOf(post)?.method === "Inform" ? { status: 500, breaks: true } : undefined);
  const { answer } = await t.knock(t.known.connection!);
  if (!answer.ok || answer.status >= 300) throw new CannotTest("the CPE takes no connection request now");
  const limitMs = CWMP_LIMITS.connectMs + MINIMUM_SECONDS * MULTIPLIER ** (count + 1) * MS_PER_SECOND;
  if (!(await t.until(() => t.acs.sessions.length >= from + count, limitMs)))
    fail(
      "no-inform",
      `${t.acs.sessions.length - from} of ${count} tries came within ${limitMs / MS_PER_SECOND} s`,
      t.log.last,
    );
  return t.acs.sessions.slice(from, from + count);
}

const atNs = ({ posts }: HeardSession): number => posts[0]!.timeNs;

/** The CPE is told of the standard's figures. */
const defaults = async (t: CpeTester): Promise<void> => {
  const parameters = [
    t.parameter("ManagementServer.CWMPRetryMinimumWaitInterval", "unsignedInt", `${MINIMUM_SECONDS}`),
    t.parameter("ManagementServer.CWMPRetryIntervalMultiplier", "unsignedInt", `${MULTIPLIER * 1000}`),
  ];
  // A CPE that has no such parameters has these figures.
  await t.tell({ method: "SetParameterValues", parameters, parameterKey: "" });
  await t.quiet();
};

export const retryCases = [
  tr069({
    id: "retry.waits",
    title: "A session that failed is tried again after the standard's waits",
    clause: "3.2.1.1",
    objective: "5 to 10 s, then 10 to 20, then 20 to 40: drawn by chance, and twice as long each time.",
    preconditions: ["connection"],
    steps: [
      step(`Break ${TRIES} sessions off at their Inform; measure the waits.`, async (t) => {
        await defaults(t);
        const failed = await failures(t, TRIES);
        for (const [index, session] of failed.entries()) {
          if (index === 0) continue;
          const seconds = (atNs(session) - atNs(failed[index - 1]!)) / 1e9;
          const least = MINIMUM_SECONDS * MULTIPLIER ** (index - 1);
          const [from, to] = [least - SLACK_SECONDS, least * MULTIPLIER + SLACK_SECONDS];
          if (seconds < from)
            fail("too-early", `try ${index} after ${seconds.toFixed(1)} s, not ${least} at least`, session);
          if (seconds > to)
            fail("too-late", `try ${index} after ${seconds.toFixed(1)} s, not ${least * MULTIPLIER} at most`, session);
        }
      }),
    ],
    pass: "Each within its bounds, 2 s more or less.",
  }),
  tr069({
    id: "retry.count",
    title: "RetryCount counts the tries",
    clause: "A.3.3.1",
    objective: "0, then one more with each failure, and 0 again after a session that was good.",
    preconditions: ["connection"],
    steps: [
      step("Break sessions off at their Inform; look at RetryCount.", async (t) => {
        const failed = await failures(t, TRIES);
        for (const [index, session] of failed.entries()) {
          const { retryCount } = session.inform;
          if (retryCount !== index) fail("wrong-attribute", `RetryCount ${retryCount} at try ${index}`, session);
        }
      }),
      step("Let one pass; the next has 0.", async (t) => {
        t.acs.rule = () => undefined;
        const from = t.acs.sessions.length;
        await t.until(() => t.acs.sessions.slice(from).some(({ isOver }) => isOver), CWMP_LIMITS.transferMs);
        const session = await t.call();
        if (session.inform.retryCount !== 0)
          fail("wrong-attribute", `RetryCount ${session.inform.retryCount} after a good session`, session);
      }),
    ],
    pass: "0, 1, 2, …, and 0.",
  }),
  tr069({
    id: "retry.events",
    title: "Events are kept until a session delivers them",
    clause: "3.7.1.5",
    objective: "Each try has the events of the one that failed.",
    preconditions: ["connection"],
    steps: [
      step("Break two sessions off at their Inform; look at the events of the second.", async (t) => {
        const [first, second] = (await failures(t, 2)) as [HeardSession, HeardSession];
        for (const code of codesOf(first))
          if (!codesOf(second).includes(code) && code !== CONNECTION_REQUEST)
            fail("wrong-event", `${code} is gone`, second);
        if (codesOf(second).length === 0) fail("wrong-event", "no event", second);
      }),
    ],
    pass: "None is gone; 6 CONNECTION REQUEST may be.",
  }),
  tr069({
    id: "retry.at-once",
    title: "A connection request ends the wait",
    clause: "3.2.1.1",
    objective: "An ACS that asks is there: the session is tried at once.",
    preconditions: ["connection"],
    steps: [
      step("Break two sessions off, then ask for one: it comes before the wait is over.", async (t) => {
        await defaults(t);
        const failed = await failures(t, 3);
        t.acs.rule = () => undefined;
        const from = t.acs.sessions.length;
        const { answer } = await t.knock(t.known.connection!);
        if (!answer.ok || answer.status >= 300)
          throw new CannotTest("the CPE takes no connection request while it waits");
        if (!(await t.until(() => t.acs.sessions.length > from, CWMP_LIMITS.connectMs)))
          fail("no-session", "no session within 30 s", t.log.last, "3.2.2.1");
        const session = t.acs.sessions[from]!;
        const seconds = (atNs(session) - atNs(failed.at(-1)!)) / 1e9;
        const least = MINIMUM_SECONDS * MULTIPLIER ** 2;
        if (seconds > least) fail("too-late", `${seconds.toFixed(1)} s behind the one that failed`, session);
        await t.quiet();
      }),
    ],
    pass: "It comes at once.",
  }),
];

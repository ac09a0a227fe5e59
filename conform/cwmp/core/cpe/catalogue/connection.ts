/** Cases: connection requests: who may ask for a session, how often, and when. */
import { readAuthHeader } from "../../../../../base/digest/index.ts";
import { CWMP_LIMITS } from "../../limits.ts";
import type { HttpAnswer } from "../../types.ts";
import { codesOf } from "../acs.ts";
import type { CpeTester } from "../tester.ts";
import { CONNECTION_REQUEST, fail, field, KEY, step, tr069 } from "./steps.ts";

const FLOOD = 30;

const statusOf = (answer: HttpAnswer): string => (answer.ok ? `${answer.status}` : answer.cause);
const isLetIn = (answer: HttpAnswer): boolean => answer.ok && (answer.status === 200 || answer.status === 204);

/** No session comes of it. */
async function noSession(t: CpeTester, from: number, what: string): Promise<void> {
  await t.until(() => t.acs.sessions.length > from, CWMP_LIMITS.silenceMs);
  const asked = t.acs.sessions.slice(from).find((session) => codesOf(session).includes(CONNECTION_REQUEST));
  if (asked !== undefined) fail("let-in", `a session after ${what}`, asked);
}

export const connectionCases = [
  tr069({
    id: "connection.challenge",
    title: "Whoever asks for a session is asked who he is",
    clause: "3.2.2.2",
    objective: "Without Authorization: 401 with a challenge by digest, and no session.",
    preconditions: ["connection"],
    steps: [
      step("GET of the ConnectionRequestURL without Authorization.", async (t) => {
        const from = await t.calm();
        const answer = await t.get(t.known.connectionRequestUrl);
        const exchange = t.log.last;
        if (!answer.ok || answer.status !== 401) fail("let-in", `${statusOf(answer)}, not 401`, exchange);
        const digest = readAuthHeader(answer.headers["www-authenticate"] ?? "").find(
          ({ scheme }) => scheme === "digest",
        );
        if (digest === undefined) fail("wrong-http", "no challenge by digest", exchange);
        for (const name of ["realm", "nonce", "qop"])
          if (!digest.parameters.has(name)) fail("wrong-http", `a challenge without ${name}`, exchange);
        await noSession(t, from, "a request without a password");
      }),
    ],
    pass: "401 with realm, nonce and qop; no session.",
  }),
  tr069({
    id: "connection.password",
    title: "A wrong password opens nothing",
    clause: "3.2.2.2",
    objective: "401, and no session.",
    preconditions: ["connection"],
    steps: [
      step("Ask with a wrong password.", async (t) => {
        const from = await t.calm();
        const { username } = t.known.connection!;
        const { answer } = await t.knock({ username, password: "wrong" });
        if (!answer.ok || answer.status !== 401) fail("let-in", `${statusOf(answer)}, not 401`, t.log.last);
        await noSession(t, from, "a wrong password");
      }),
      step("Ask with a name that there is not.", async (t) => {
        const from = await t.calm();
        const { password } = t.known.connection!;
        const { answer } = await t.knock({ username: "nobody", password });
        if (!answer.ok || answer.status !== 401) fail("let-in", `${statusOf(answer)}, not 401`, t.log.last);
        await noSession(t, from, "a wrong name");
      }),
    ],
    pass: "401 twice, no session.",
  }),
  tr069({
    id: "connection.answer",
    title: "A connection request is answered at once, and without a body",
    clause: "3.2.2.2",
    objective: "200 or 204 with a length of 0, before the session begins.",
    preconditions: ["connection"],
    steps: [
      step("Ask as one should.", async (t) => {
        const from = await t.calm();
        const { answer } = await t.knock(t.known.connection!);
        const exchange = t.log.last;
        if (!answer.ok || !isLetIn(answer)) fail("locked-out", `${statusOf(answer)}, not 200 or 204`, exchange);
        if (answer.body.length > 0) fail("wrong-http", `a body of ${answer.body.length} bytes`, exchange);
        if (!(await t.until(() => t.acs.sessions.length > from, CWMP_LIMITS.connectMs)))
          fail("no-session", "no session within 30 s", exchange, "3.2.2.1");
        await t.quiet();
      }),
    ],
    pass: "200 or 204, nothing behind it, then the session.",
  }),
  field({
    id: "connection.replay",
    title: "What was listened to opens nothing",
    clause: "3.2.2.2",
    objective: "The same Authorization a second time is refused: its count was used (RFC 7616, 5.4).",
    preconditions: ["connection"],
    steps: [
      step("Ask as one should, let the session end, and send the same request again.", async (t) => {
        const from = await t.calm();
        const { answer, authorization } = await t.knock(t.known.connection!);
        if (!isLetIn(answer)) fail("locked-out", statusOf(answer), t.log.last);
        await t.until(() => t.acs.sessions.length > from, CWMP_LIMITS.connectMs);
        const behind = await t.calm();
        const again = await t.get(t.known.connectionRequestUrl, { authorization });
        if (!again.ok || again.status !== 401) fail("let-in", `${statusOf(again)}, not 401`, t.log.last);
        await noSession(t, behind, "a request that was sent before");
      }),
    ],
    pass: "401, no session.",
  }),
  field({
    id: "connection.nonce",
    title: "A nonce of its own invention opens nothing",
    clause: "3.2.2.2",
    objective: "Whoever makes up the nonce is asked again.",
    preconditions: ["connection"],
    steps: [
      step("Send an answer to a nonce that the CPE has not given.", async (t) => {
        const from = await t.calm();
        const authorization = t.answerTo('Digest realm="CPE", qop="auth", nonce="invented"', t.known.connection!);
        const answer = await t.get(t.known.connectionRequestUrl, { authorization });
        if (!answer.ok || answer.status !== 401) fail("let-in", `${statusOf(answer)}, not 401`, t.log.last);
        await noSession(t, from, "a nonce that was made up");
      }),
    ],
    pass: "401, no session.",
  }),
  tr069({
    id: "connection.path",
    title: "Another path is not the ConnectionRequestURL",
    clause: "3.2.2.2",
    objective: "The path is hard to guess, and counts.",
    preconditions: ["connection"],
    steps: [
      step("GET of another path at the same port.", async (t) => {
        const from = await t.calm();
        const url = new URL("/poncast-was-here", t.known.connectionRequestUrl);
        const answer = await t.get(url.href);
        if (isLetIn(answer)) fail("let-in", statusOf(answer), t.log.last);
        await noSession(t, from, "a request to another path");
      }),
    ],
    pass: "Neither 200 nor 204; no session.",
  }),
  tr069({
    id: "connection.in-session",
    title: "A connection request does not end the session that goes on",
    clause: "3.2.2.1",
    objective: "In a session it is answered 503, or 200 and a session behind it; the session goes on as ever.",
    preconditions: ["connection"],
    steps: [
      step("Ask for a session in the middle of one.", async (t) => {
        let knocking: Promise<{ answer: HttpAnswer }> | undefined;
        t.acs.send = (reply, { body }) => {
          if (body.length > 0 || knocking !== undefined) return reply;
          knocking = t.knock(t.known.connection!);
          return { ...reply, afterMs: 2_000 };
        };
        const [task] = await t.tell({ method: "GetParameterValues", names: [t.known.path(KEY)] });
        t.acs.send = (reply) => reply;
        t.response(task!, "GetParameterValues", "in a session during which another was asked for");
        const from = t.acs.sessions.length;
        const { answer } = await knocking!;
        const exchange = t.log.last;
        if (!answer.ok) fail("no-answer", answer.cause, exchange);
        if (answer.status === 503) return;
        if (!isLetIn(answer)) fail("wrong-http", `${statusOf(answer)}, not 503, 200 or 204`, exchange);
        if (!(await t.until(() => t.acs.sessions.length > from, CWMP_LIMITS.connectMs)))
          fail("no-session", "200, and no session behind the one that went on", exchange);
      }),
    ],
    pass: "503, or another session; the request of the first is answered.",
  }),
  tr069({
    id: "connection.flood",
    title: "Many connection requests do no harm",
    clause: "3.2.2.2",
    objective: "A CPE may refuse requests that come too often, by 503; it can be reached afterwards.",
    preconditions: ["connection"],
    steps: [
      step(`${FLOOD} connection requests, one behind the other.`, async (t) => {
        for (let number = 0; number < FLOOD; number++) {
          const { answer } = await t.knock(t.known.connection!);
          if (!answer.ok) fail("no-answer", answer.cause, t.log.last);
          if (!isLetIn(answer) && answer.status !== 503) fail("wrong-http", `${answer.status}, not 503`, t.log.last);
        }
        await t.quiet();
      }),
      step("It comes when it is asked to, after a while.", (t) => t.call()),
    ],
    pass: "200, 204 or 503; a session in the end.",
  }),
];

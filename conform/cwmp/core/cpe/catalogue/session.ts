/** Cases: the course of a session over HTTP. */
import { cwmpFault } from "../../../../../cwmp/index.ts";
import { CWMP_LIMITS } from "../../limits.ts";
import { CannotTest } from "../../../../core/index.ts";
import { type HeardPost, type HeardSession, messageOf } from "../acs.ts";
import type { CpeTester } from "../tester.ts";
import { fail, failingDownload, field, KEY, step, tr069 } from "./steps.ts";

const MS_PER_SECOND = 1000;
const SLOW_MS = 20 * MS_PER_SECOND;
const MANY = 40;

/** A session with some requests in it. */
async function asked(t: CpeTester, count = 2): Promise<HeardSession> {
  const question = { method: "GetParameterValues", names: [t.known.path(KEY)] } as const;
  const tasks = await t.tell(...Array.from({ length: count }, () => question));
  for (const task of tasks) t.response(task, "GetParameterValues", "to GetParameterValues");
  await t.quiet();
  return tasks[0]!.session!;
}

const withBody = ({ posts }: HeardSession): HeardPost[] => posts.filter(({ body }) => body.length > 0);
const empty = ({ posts }: HeardSession): HeardPost[] => posts.filter(({ body }) => body.length === 0);

export const sessionCases = [
  tr069({
    id: "session.form",
    title: "Messages are POSTs of text/xml, with an empty SOAPAction",
    clause: "3.4.1",
    objective: "Each POST with an envelope has Content-Type text/xml in UTF-8 and a SOAPAction without a value.",
    preconditions: [],
    steps: [
      step("Ask in a session; look at the headers of each message.", async (t) => {
        for (const post of withBody(await asked(t))) {
          const { headers, method } = post;
          if (method !== "POST") fail("wrong-http", `${method}, not POST`, post);
          const type = headers["content-type"] ?? "";
          if (!/^text\/xml\b/i.test(type)) fail("wrong-http", `Content-Type "${type}"`, post);
          if (/charset=/i.test(type) && !/charset="?utf-8"?/i.test(type))
            fail("wrong-http", `Content-Type "${type}"`, post);
          const action = headers["soapaction"];
          if (action === undefined) fail("wrong-http", "no SOAPAction", post);
          if (!/^(?:"")?$/.test(action.trim())) fail("wrong-http", `SOAPAction ${action}`, post);
        }
      }),
    ],
    pass: "POST, text/xml, SOAPAction there and empty.",
  }),
  tr069({
    id: "session.cookies",
    title: "Cookies are given back in the whole session",
    clause: "3.4.2",
    objective: "ACSs know a session by the cookies that they set; there may be several.",
    preconditions: [],
    steps: [
      step("Set two cookies with InformResponse; look for both in each POST that follows.", async (t) => {
        const session = await asked(t);
        for (const post of session.posts.slice(1)) {
          const cookies = (post.headers["cookie"] ?? "").split(/;\s*/);
          for (const wanted of ["session=poncast-1", "node=b"])
            if (!cookies.includes(wanted)) fail("wrong-http", `no cookie ${wanted}`, post);
        }
      }),
    ],
    pass: "Both cookies in each POST behind the Inform.",
  }),
  tr069({
    id: "session.empty-post",
    title: "The CPE lets the ACS have its turn by an empty POST",
    clause: "3.7.1.4",
    objective: "When it has nothing more to say the CPE sends a POST without a body, and after it only answers.",
    preconditions: [],
    steps: [
      step("Ask in a session; look at what comes between Inform and the first answer.", async (t) => {
        const session = await asked(t);
        const [first, ...more] = empty(session);
        if (first === undefined) fail("no-answer", "no empty POST", session);
        if (more.length > 0) fail("wrong-answer", "an empty POST where an answer was due", more[0]!);
        const behind = session.posts.slice(session.posts.indexOf(first) + 1);
        const own = behind.find((post) => {
          const message = messageOf(post);
          return message !== undefined && message.method !== "Fault" && !message.method.endsWith("Response");
        });
        if (own !== undefined) fail("wrong-answer", `${messageOf(own)!.method} after the empty POST`, own);
      }),
    ],
    pass: "One empty POST; behind it answers alone.",
  }),
  tr069({
    id: "session.one-at-a-time",
    title: "One request of a session at a time",
    clause: "3.4.2",
    objective: "The CPE waits for each answer before it sends the next POST.",
    preconditions: [],
    steps: [
      step("Answer each POST of a session 2 s late; nothing may come in between.", async (t) => {
        t.acs.send = (reply) => ({ ...reply, afterMs: 2 * MS_PER_SECOND });
        const session = await asked(t);
        const [early] = session.overlaps;
        if (early !== undefined) fail("unasked-answer", "a POST before the one in front of it was answered", early);
      }),
    ],
    pass: "No POST before the answer to the one in front of it.",
  }),
  tr069({
    id: "session.slow",
    title: "An ACS may take its time",
    clause: "3.7.1.4",
    objective: "A CPE waits 30 s at least for an answer before it gives the session up.",
    preconditions: [],
    steps: [
      step(`Answer one POST of a session ${SLOW_MS / MS_PER_SECOND} s late; the session goes on.`, async (t) => {
        let isSlow = true;
        t.acs.send = (reply, { body }) => {
          if (!isSlow || body.length > 0) return reply;
          isSlow = false;
          return { ...reply, afterMs: SLOW_MS };
        };
        await asked(t, 1);
      }),
    ],
    pass: "The late request is answered, in the same session.",
  }),
  tr069({
    id: "session.end",
    title: "204 ends the session",
    clause: "3.7.1.4",
    objective:
      "When the ACS answers without an envelope, and the CPE has nothing to say, nothing follows in the session.",
    preconditions: [],
    steps: [
      step("End a session by 204; nothing may follow but another session.", async (t) => {
        await asked(t, 1);
        const before = t.acs.strays.length;
        await t.until(() => t.acs.strays.length > before, CWMP_LIMITS.silenceMs);
        const stray = t.acs.strays[before];
        if (stray !== undefined) fail("unasked-answer", "a POST behind the end of the session", stray);
      }),
    ],
    pass: "Nothing follows.",
  }),
  tr069({
    id: "session.end-200",
    title: "200 without a body ends the session, too",
    clause: "3.4.1",
    objective: "An answer without an envelope may be 204, or 200 with a length of 0.",
    preconditions: [],
    steps: [
      step("End a session by 200 without a body; the next one has RetryCount 0.", async (t) => {
        t.acs.endsWith200 = true;
        await asked(t, 1);
        t.acs.endsWith200 = false;
        const { inform, posts } = await t.call();
        if (inform.retryCount !== 0)
          fail("wrong-attribute", `RetryCount ${inform.retryCount}: it took it for a failure`, posts[0]!);
      }),
    ],
    pass: "The session was good.",
  }),
  tr069({
    id: "session.chunked",
    title: "Answers may come in pieces",
    clause: "3.4.1",
    objective: "HTTP 1.1 has answers without a length; CPEs have to take them (RFC 9112, 7.1).",
    preconditions: [],
    steps: [
      step("Send all answers of a session in pieces (chunked).", async (t) => {
        t.acs.send = (reply) => (reply.status === 200 ? { ...reply, isChunked: true } : reply);
        await asked(t);
      }),
    ],
    pass: "The requests are answered.",
  }),
  tr069({
    id: "session.many",
    title: "A session may be long",
    clause: "3.7.2.4",
    objective: "The ACS says when it has no more to ask.",
    preconditions: [],
    steps: [
      step(`Ask ${MANY} times in one session.`, async (t) => {
        const session = await asked(t, MANY);
        const answers = withBody(session).length - 1;
        if (answers < MANY) fail("no-answer", `${answers} of ${MANY} answered in one session`, session);
      }),
    ],
    pass: "All are answered in one session.",
  }),
  tr069({
    id: "session.password",
    title: "Asked who it is, the CPE answers by digest",
    clause: "3.4.5",
    objective: "A challenge at the first POST of a session is answered with the name and password of the CPE.",
    preconditions: ["password"],
    steps: [
      step("Ask for a digest at the first POST of a session.", async (t) => {
        const asks = t.askWho(t.known.password!);
        const session = await t.callPast("it does not answer the challenge");
        await t.quiet();
        if (asks.refused > 1) fail("locked-out", "the digest was wrong", session);
        if (!session.isOver) fail("no-answer", "the session does not come to its end", session);
      }),
    ],
    pass: "The right digest, and a session as ever.",
  }),
  tr069({
    id: "session.hold-requests",
    title: "HoldRequests keeps the CPE from asking",
    clause: "3.7.1.3",
    objective: "While HoldRequests is true the CPE sends no request of its own, and when it is false again it does.",
    preconditions: [],
    steps: [
      step("Have a download fail; leave its TransferComplete unanswered until it has been seen.", async (t) => {
        let isSeen = false;
        t.acs.rule = (post) => {
          if (messageOf(post)?.method !== "TransferComplete") return undefined;
          isSeen = true;
          return { status: 200, breaks: true };
        };
        await failingDownload(t);
        if (!(await t.until(() => isSeen, CWMP_LIMITS.transferMs)))
          fail("no-report", "no TransferComplete came", t.log.last, "A.3.3.2");
      }),
      step("HoldRequests in the next session: no TransferComplete in it.", async (t) => {
        t.acs.rule = () => undefined;
        t.acs.holdRequests = true;
        const reports = t.completes.length;
        const from = t.acs.sessions.length;
        const isOver = (): boolean => t.acs.sessions.slice(from).some((session) => session.isOver);
        if (!(await t.until(isOver, CWMP_LIMITS.transferMs)))
          throw new CannotTest("no session came behind the one that broke");
        const early = t.completes[reports];
        if (early !== undefined) fail("unasked-answer", "TransferComplete while HoldRequests is true", early.post);
      }),
      step("Without it: TransferComplete.", async (t) => {
        t.acs.holdRequests = undefined;
        const reports = t.completes.length;
        if (!(await t.until(() => t.completes.length > reports, CWMP_LIMITS.transferMs)))
          fail("no-report", "no TransferComplete came", t.log.last, "A.3.3.2");
        await t.quiet();
      }),
    ],
    pass: "Held back, and sent in the end.",
  }),
  field({
    id: "session.fault",
    title: "A fault of the ACS to the Inform is no end of the world",
    clause: "3.7.1.1",
    objective: "An ACS in trouble answers 8002; the CPE comes again.",
    preconditions: ["connection"],
    steps: [
      step("Answer an Inform by fault 8002; the CPE comes again by itself, or when it is asked to.", async (t) => {
        await t.calm();
        let refusals = 0;
        t.acs.rule = (post) => {
          if (messageOf(post)?.method !== "Inform" || refusals > 0) return undefined;
          refusals += 1;
          return cwmpFault(8002, "on purpose");
        };
        await t.knock(t.known.connection!);
        await t.until(() => refusals > 0, CWMP_LIMITS.connectMs);
        t.acs.drop();
        const session = await t.call();
        await t.quiet();
        if (!session.isOver) fail("no-answer", "the next session does not come to its end", session);
      }),
    ],
    pass: "The next session is good.",
  }),
];

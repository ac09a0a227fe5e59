/** Cases: the course of a session, as an ACS has it. */
import { CPE_FAULTS, CWMP_EVENTS, cwmpFault } from "../../../../../cwmp/index.ts";
import { NotApplicable } from "../../../../core/index.ts";
import { CWMP_LIMITS } from "../../limits.ts";
import { envelopeIn, isEnd } from "../dialogue.ts";
import { fail, field, step, tr069, turnedAway } from "./steps.ts";

export const acsSessionCases = [
  tr069({
    id: "session.end",
    title: "A session comes to its end",
    clause: "3.7.2.4",
    objective: "When the ACS has no more to ask it answers 204, or 200 without a body.",
    preconditions: [],
    steps: [
      step("Inform, then an empty POST; answer whatever is asked.", async (t) => {
        const session = await t.informed();
        await session.finish(true);
      }),
    ],
    pass: "204 or 200 without a body.",
  }),
  tr069({
    id: "session.turn",
    title: "The ACS asks nothing before it is its turn",
    clause: "3.7.2.3",
    objective: "InformResponse and answers alone, until the CPE sends an empty POST.",
    preconditions: [],
    steps: [
      step("Inform of a CPE that comes for the first time, then two requests of the CPE.", async (t) => {
        const events = [CWMP_EVENTS.bootstrap, CWMP_EVENTS.boot].map((eventCode) => ({ eventCode, commandKey: "" }));
        const session = await t.informed({ events });
        await session.ask({ method: "GetRPCMethods" }, "GetRPCMethodsResponse");
        await session.ask({ method: "GetRPCMethods" }, "GetRPCMethodsResponse");
        await session.finish();
      }),
    ],
    pass: "Answers to our requests; the ACS's own behind the empty POST.",
  }),
  tr069({
    id: "session.cookies",
    title: "A session is known by its cookies",
    clause: "3.4.2",
    objective: "Each POST may come on another connection: cookies say which session it belongs to.",
    preconditions: [],
    steps: [
      step("Inform; then each POST on a connection of its own, with the cookies.", async (t) => {
        const session = await t.informed();
        if (session.cookies.size === 0) throw new NotApplicable("the ACS sets no cookie");
        session.connection = "";
        await session.ask({ method: "GetRPCMethods" }, "GetRPCMethodsResponse");
        await session.finish();
      }),
    ],
    pass: "The session goes on.",
  }),
  tr069({
    id: "session.connection",
    title: "A session is not lost with its cookies",
    clause: "3.4.2",
    objective: "CPEs of old know no cookies: their session is that of the connection.",
    preconditions: [],
    steps: [
      step("Inform; then GetRPCMethods on the same connection without cookies.", async (t) => {
        const session = await t.informed();
        session.cookies.clear();
        await session.ask({ method: "GetRPCMethods" }, "GetRPCMethodsResponse");
      }),
    ],
    pass: "The session goes on.",
  }),
  tr069({
    id: "session.two",
    title: "Two CPEs at once are two sessions",
    clause: "3.4.2",
    objective: "What one says is not taken for the other's.",
    preconditions: [],
    steps: [
      step("Two sessions, whose posts alternate.", async (t) => {
        const one = await t.informed();
        const other = t.session();
        const deviceId = { ...t.inform().deviceId, serialNumber: "CONFORM-OTHER" };
        const answer = await other.post(t.inform({ deviceId }));
        if (answer.envelope?.message.method !== "InformResponse")
          throw new NotApplicable("the ACS takes no second device");
        await one.ask({ method: "GetRPCMethods" }, "GetRPCMethodsResponse");
        await other.ask({ method: "GetRPCMethods" }, "GetRPCMethodsResponse");
        await one.finish();
        await other.finish();
      }),
    ],
    pass: "Both come to their end.",
  }),
  tr069({
    id: "session.no-inform",
    title: "Nothing is asked of a CPE that has not informed",
    clause: "3.7.2.1",
    objective: "An empty POST without a session gets no request.",
    preconditions: [],
    steps: [
      step("An empty POST on a new connection.", async (t) => {
        const answer = await t.session().post(undefined);
        if (answer.envelope !== undefined)
          fail("wrongly-accepted", `${answer.envelope.message.method} without an Inform`, answer);
      }),
      step("A TransferComplete on a new connection.", async (t) => {
        const answer = await t.session().post({
          method: "TransferComplete",
          commandKey: "nobody's",
          fault: { faultCode: 0, faultString: "" },
          startTime: "unknown",
          completeTime: "unknown",
        });
        turnedAway(answer, "to TransferComplete without an Inform");
      }),
    ],
    pass: "No request, and no TransferCompleteResponse.",
  }),
  tr069({
    id: "session.again",
    title: "A CPE whose session broke comes again",
    clause: "3.2.1.1",
    objective: "A second Inform begins a second session, whatever became of the first.",
    preconditions: [],
    steps: [
      step("Inform, nothing more; Inform on another connection, to its end.", async (t) => {
        await t.informed();
        const session = await t.informed({ retryCount: 1 });
        await session.finish();
      }),
    ],
    pass: "The second session is as any.",
  }),
  tr069({
    id: "session.over",
    title: "What is over does not go on",
    clause: "3.7.2.4",
    objective: "After the end of a session an empty POST in it gets no request.",
    preconditions: [],
    steps: [
      step("A session to its end, and one more empty POST.", async (t) => {
        const session = await t.informed();
        await session.finish();
        const answer = await session.post(undefined);
        if (answer.envelope !== undefined)
          fail("wrongly-accepted", `${answer.envelope.message.method} after the end`, answer);
      }),
    ],
    pass: "No request.",
  }),
  tr069({
    id: "session.ids",
    title: "Requests of the ACS have IDs, each another",
    clause: "3.5",
    objective: "An answer is matched by its ID.",
    preconditions: [],
    steps: [
      step("A session of a CPE that comes for the first time; look at the IDs of what is asked.", async (t) => {
        const session = await t.informed({ events: [{ eventCode: CWMP_EVENTS.bootstrap, commandKey: "" }] });
        await session.finish();
        if (session.asked.length === 0) throw new NotApplicable("the ACS asks nothing");
        const ids = session.asked.map(({ envelope }) => envelope.id);
        const nameless = ids.indexOf("");
        if (nameless >= 0) fail("wrong-id", "a request without an ID", session.asked[nameless]!.exchange);
        const again = ids.findIndex((id, index) => ids.indexOf(id) < index);
        if (again >= 0) fail("wrong-id", `ID "${ids[again]}" twice`, session.asked[again]!.exchange);
      }),
    ],
    pass: "An ID each, none twice.",
  }),
  tr069({
    id: "session.faults",
    title: "A CPE that refuses everything is let go",
    clause: "3.7.2.3",
    objective: "A fault is an answer: the ACS does not ask the same without an end.",
    preconditions: [],
    steps: [
      step("Answer whatever is asked by fault 9001.", async (t) => {
        const session = await t.informed({ events: [{ eventCode: CWMP_EVENTS.bootstrap, commandKey: "" }] });
        session.answers = () => cwmpFault(CPE_FAULTS.requestDenied, "on purpose");
        await session.finish(true);
        if (session.asked.length === 0) throw new NotApplicable("the ACS asks nothing");
      }),
    ],
    pass: "The session comes to its end.",
  }),
  tr069({
    id: "session.wrong-answer",
    title: "An answer to another request is none",
    clause: "3.5",
    objective: "An answer with an ID that was not asked ends the session, or is refused; it is not taken.",
    preconditions: [],
    steps: [
      step("Answer the first request under another ID; the ACS may refuse, ask again, or end.", async (t) => {
        const session = await t.informed({ events: [{ eventCode: CWMP_EVENTS.bootstrap, commandKey: "" }] });
        const first = await session.post(undefined);
        if (isEnd(first)) throw new NotApplicable("the ACS asks nothing");
        const { message } = envelopeIn(first, "to an empty POST");
        const answer = await session.post(cwmpFault(CPE_FAULTS.requestDenied), { id: "another" });
        const next = answer.envelope?.message;
        if (next !== undefined && next.method !== "Fault" && next.method !== message.method)
          fail("wrongly-accepted", `${next.method} behind an answer with another ID`, answer);
      }),
      step("An Inform is answered.", (t) => t.alive()),
    ],
    pass: "Not taken; alive.",
  }),
  field({
    id: "connection.request",
    title: "A connection request is answered by digest",
    clause: "3.2.2.2",
    objective: "The ACS comes to the ConnectionRequestURL of the Inform, and answers the challenge there.",
    preconditions: ["caller"],
    steps: [
      step("Inform; have the ACS ask for a session; challenge it.", async (t) => {
        const session = await t.informed();
        await session.finish();
        let challenges = 0;
        let isRight = false;
        t.way.onAsk = ({ method, headers, answer }) => {
          const authorization = headers["authorization"] ?? "";
          isRight ||= method === "GET" && /^Digest .*\bresponse="?[0-9a-f]{32}/i.test(authorization);
          if (authorization === "") challenges += 1;
          answer(
            authorization === ""
              ? { status: 401, headers: { "www-authenticate": 'Digest realm="cpe", qop="auth", nonce="n1"' } }
              : { status: 200 },
          );
        };
        await t.way.connect!(t.inform().deviceId);
        const endNs = t.way.nowNs() + CWMP_LIMITS.connectMs * 1e6;
        while (!isRight && t.way.nowNs() < endNs && challenges < 4) await t.way.wait(endNs);
        t.way.onAsk = () => undefined;
        if (challenges === 0) fail("no-answer", "the ACS does not come", t.log.last);
        if (!isRight) fail("locked-out", "no digest in answer to a challenge", t.log.last);
      }),
    ],
    pass: "GET with a digest.",
  }),
];

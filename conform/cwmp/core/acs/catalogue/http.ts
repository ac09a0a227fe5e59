/** Cases: HTTP below the envelopes, and who may come. */
import { readAuthHeader } from "../../../../../base/digest/index.ts";
import { writeCwmp } from "../../../../../cwmp/index.ts";
import { CannotTest } from "../../../../core/index.ts";
import { fail, field, step, tr069, turnedAway } from "./steps.ts";

const TOO_LONG = 3 * 1024 * 1024;

export const acsHttpCases = [
  tr069({
    id: "http.chunked",
    title: "Requests may come in pieces",
    clause: "3.4.1",
    objective: "HTTP 1.1 has requests without a length (RFC 9112, 7.1).",
    preconditions: [],
    steps: [
      step("An Inform in pieces of 100 bytes.", async (t) => {
        const session = t.session();
        await session.ask(t.inform(), "InformResponse", { isChunked: true });
        await session.finish();
      }),
    ],
    pass: "InformResponse.",
  }),
  tr069({
    id: "http.compressed",
    title: "A coding that the ACS does not know is refused",
    clause: "3.4.7",
    objective: "A request with a Content-Encoding that is not understood is no message: 415, or another refusal.",
    preconditions: [],
    steps: [
      step("A POST that says it is gzip, and is not.", async (t) => {
        const answer = await t.session().post("this is no gzip", { headers: { "content-encoding": "gzip" } });
        turnedAway(answer, "to a body that is no message");
      }),
      step("An Inform is answered.", (t) => t.alive()),
    ],
    pass: "Refused; alive.",
  }),
  field({
    id: "http.method",
    title: "GET is no message",
    clause: "3.4.1",
    objective: "Messages are POSTs.",
    preconditions: [],
    steps: [
      step("GET of the ACS's URL.", async (t) => {
        const { url } = t.way;
        const exchange = t.log.begin({
          from: "tester",
          startNs: t.way.nowNs(),
          method: "GET",
          url,
          headers: {},
          body: new Uint8Array(0),
        });
        const answer = await t.way.request({ method: "GET", url, headers: {} });
        if (!answer.ok) fail("no-answer", answer.cause, exchange.number);
        t.log.replied(exchange, t.way.nowNs(), answer);
        const text = new TextDecoder().decode(answer.body);
        if (text.includes("Envelope")) fail("wrongly-accepted", "an envelope in answer to GET", exchange.number);
        if (answer.status >= 500) fail("wrong-http", `${answer.status}`, exchange.number);
      }),
    ],
    pass: "No envelope, and no failure.",
  }),
  field({
    id: "http.too-long",
    title: "A message without an end does no harm",
    clause: "3.4.1",
    objective: "An ACS has a limit, and stays alive.",
    preconditions: [],
    steps: [
      step("A message of 3 MiB.", async (t) => {
        const text = writeCwmp({ version: "1.2", id: "l-1", message: t.inform() });
        const answer = await t
          .session()
          .post(text.replace("<Manufacturer>", `<!--${"x".repeat(TOO_LONG)}--><Manufacturer>`));
        // It may hang up on whoever goes on and on, or take it.
        if (answer.http.ok && answer.http.status >= 500) fail("wrong-http", `${answer.http.status}`, answer);
      }),
      step("An Inform is answered.", (t) => t.alive()),
    ],
    pass: "Alive.",
  }),
  tr069({
    id: "auth.challenge",
    title: "Who shows nothing is asked who he is",
    clause: "3.4.5",
    objective: "401 with a challenge by digest.",
    preconditions: ["password"],
    steps: [
      step("An Inform without a name.", async (t) => {
        const answer = await t.session(undefined).post(t.inform(), { isNameless: true });
        const { http } = answer;
        if (!http.ok || http.status !== 401) fail("let-in", `${http.ok ? http.status : http.cause}, not 401`, answer);
        const schemes = readAuthHeader(http.headers["www-authenticate"] ?? "");
        if (!schemes.some(({ scheme }) => scheme === "digest")) fail("wrong-http", "no challenge by digest", answer);
      }),
    ],
    pass: "401 and Digest.",
  }),
  tr069({
    id: "auth.wrong",
    title: "A wrong password lets nobody in",
    clause: "3.4.5",
    objective: "401 again, and no session.",
    preconditions: ["password"],
    steps: [
      step("An Inform with a wrong password.", async (t) => {
        const { username } = t.credentials!;
        const answer = await t.session({ username, password: "wrong" }).post(t.inform());
        const { http } = answer;
        if (!http.ok || (http.status !== 401 && http.status !== 403))
          fail("let-in", `${http.ok ? http.status : http.cause}, not 401`, answer);
      }),
    ],
    pass: "401 or 403.",
  }),
  tr069({
    id: "auth.right",
    title: "The right password lets in, for the whole session",
    clause: "3.4.4",
    objective: "Who has shown who he is at the first POST is not asked again in the session.",
    preconditions: ["password"],
    steps: [
      step("An Inform with the right password; then POSTs without Authorization.", async (t) => {
        const session = await t.informed();
        const answer = await session.post({ method: "GetRPCMethods" }, { isNameless: true });
        if (answer.http.ok && answer.http.status === 401) fail("locked-out", "401 in the middle of a session", answer);
        if (answer.envelope?.message.method !== "GetRPCMethodsResponse")
          throw new CannotTest("GetRPCMethods is not answered");
        await session.finish();
      }),
    ],
    pass: "No 401 in the middle.",
  }),
];

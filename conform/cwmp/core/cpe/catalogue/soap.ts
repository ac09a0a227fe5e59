/** Cases: envelopes: their IDs, versions, headers, and what is no envelope at all. */
import { CPE_FAULTS, type CwmpVersion, writeCwmp } from "../../../../../cwmp/index.ts";
import { CWMP_LIMITS } from "../../limits.ts";
import { idOf, messageOf, type Question } from "../acs.ts";
import type { CpeTester } from "../tester.ts";
import { fail, failingDownload, field, KEY, step, tr069 } from "./steps.ts";

const getKey = (t: CpeTester): Question => ({ method: "GetParameterValues", names: [t.known.path(KEY)] });

/** An envelope of ours with another header in it. */
const withHeader =
  (t: CpeTester, header: string): Question =>
  (id, version) =>
    writeCwmp({ version, id, message: { method: "GetParameterValues", names: [t.known.path(KEY)] } }).replace(
      "</soap-env:Header>",
      `${header}</soap-env:Header>`,
    );

/** The same in other words: other prefixes, white space, comments. */
const otherwise =
  (t: CpeTester): Question =>
  (id: string, version: CwmpVersion) =>
    [
      '<?xml version="1.0"?>',
      "<!-- as another stack writes it -->",
      '<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"',
      '  xmlns:E="http://schemas.xmlsoap.org/soap/encoding/" xmlns:T="http://www.w3.org/2001/XMLSchema"',
      '  S:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">',
      `  <S:Header>\n    <q:ID xmlns:q="urn:dslforum-org:cwmp-${version.replace(".", "-")}" S:mustUnderstand="1">${id}</q:ID>\n  </S:Header>`,
      `  <S:Body>\n    <q:GetParameterValues xmlns:q="urn:dslforum-org:cwmp-${version.replace(".", "-")}">`,
      `      <ParameterNames E:arrayType="T:string[1]">\n        <string>${t.known.path(KEY)}</string>\n      </ParameterNames>`,
      "    </q:GetParameterValues>\n  </S:Body>\n</S:Envelope>\n",
    ].join("\n");

export const soapCases = [
  tr069({
    id: "soap.id",
    title: "An answer has the ID of its request",
    clause: "3.5",
    objective: "The ID in the header says what is answered.",
    preconditions: [],
    steps: [
      step("Ask twice; hold the IDs of the answers against those of the requests.", async (t) => {
        const tasks = await t.tell(getKey(t), getKey(t));
        for (const task of tasks) {
          t.response(task, "GetParameterValues", "to GetParameterValues");
          const id = idOf(task.answer!);
          if (id !== task.id) fail("wrong-id", `ID "${id}", the request had "${task.id}"`, task.answer!);
        }
      }),
    ],
    pass: "The same.",
  }),
  tr069({
    id: "soap.fault-id",
    title: "A fault has the ID of its request, too",
    clause: "3.5",
    objective: "A fault is an answer as others are.",
    preconditions: [],
    steps: [
      step("Ask for a parameter that there is not.", async (t) => {
        const [task] = await t.tell({ method: "GetParameterValues", names: [t.known.path("NoSuchThing")] });
        t.fault(task!, [CPE_FAULTS.invalidParameterName], "to a parameter that there is not");
        const id = idOf(task!.answer!);
        if (id !== task!.id) fail("wrong-id", `ID "${id}", the request had "${task!.id}"`, task!.answer!);
      }),
    ],
    pass: "The same.",
  }),
  tr069({
    id: "soap.own-ids",
    title: "The CPE's own requests have IDs that differ",
    clause: "3.5",
    objective: "An ID is used once in a session.",
    preconditions: [],
    steps: [
      step("Have two downloads fail; look at the IDs of the CPE's requests in each session.", async (t) => {
        const one = await failingDownload(t);
        const other = await failingDownload(t);
        for (const { commandKey } of [one, other]) await t.completed(commandKey);
        for (const { posts } of t.acs.sessions) {
          const own = posts.filter((post) => !/Response$|^Fault$/.test(messageOf(post)?.method ?? "Fault"));
          const ids = own.map(idOf);
          const again = own.find((post, index) => ids.indexOf(idOf(post)) < index);
          if (again !== undefined) fail("wrong-id", `ID "${idOf(again)}" for two requests of a session`, again);
        }
      }),
    ],
    pass: "No ID twice in a session.",
  }),
  tr069({
    id: "soap.namespace",
    title: "The CPE goes on in the namespace of the answer to its Inform",
    clause: "3.7.1.1",
    objective: "Both sides speak one version in a session: that of InformResponse.",
    preconditions: [],
    steps: [
      step("Ask in a session; hold the namespaces of all messages against that of the Inform.", async (t) => {
        const [task] = await t.tell(getKey(t));
        t.response(task!, "GetParameterValues", "to GetParameterValues");
        const session = task!.session!;
        for (const post of session.posts)
          if (post.reading?.ok === true && post.reading.envelope.version !== session.version)
            fail("wrong-version", `CWMP ${post.reading.envelope.version} in a session of ${session.version}`, post);
      }),
    ],
    pass: "One namespace.",
  }),
  tr069({
    id: "soap.must-understand",
    title: "What must be understood and is not, is not carried out",
    clause: "3.5",
    objective:
      "A header with mustUnderstand that the CPE does not know makes it refuse the whole envelope (SOAP 1.1, 4.2.3).",
    preconditions: [],
    steps: [
      step("Ask with such a header: a fault, or the end of the session.", async (t) => {
        const header = '<x:New xmlns:x="urn:poncast:new" soap-env:mustUnderstand="1">1</x:New>';
        const [task] = await t.tell(withHeader(t, header));
        const message = messageOf(task!.answer);
        if (message !== undefined && message.method !== "Fault")
          fail("wrongly-accepted", `${message.method}: the header was passed over`, task!.answer!);
        t.acs.drop();
      }),
      step("The CPE can be asked as before.", (t) => t.ask({ method: "GetRPCMethods" })),
    ],
    pass: "Refused, and alive.",
  }),
  tr069({
    id: "soap.other-header",
    title: "Other headers are passed over",
    clause: "3.5",
    objective: "A header that need not be understood changes nothing.",
    preconditions: [],
    steps: [
      step("Ask with such a header.", async (t) => {
        const [task] = await t.tell(
          withHeader(t, '<x:New xmlns:x="urn:poncast:new" soap-env:mustUnderstand="0">1</x:New>'),
        );
        t.response(task!, "GetParameterValues", "to a request with a header that need not be understood");
      }),
    ],
    pass: "Answered.",
  }),
  tr069({
    id: "soap.prefixes",
    title: "Prefixes are the sender's choice",
    clause: "3.5",
    objective: "Names count by their namespaces; comments and white space between elements mean nothing.",
    preconditions: [],
    steps: [
      step("Ask in an envelope with other prefixes, comments and white space.", async (t) => {
        const [task] = await t.tell(otherwise(t));
        t.response(task!, "GetParameterValues", "to an envelope with other prefixes");
      }),
    ],
    pass: "Answered.",
  }),
  field({
    id: "soap.garbage",
    title: "What is no XML ends the session, and no more",
    clause: "3.5",
    objective: "A broken answer is a session that failed; the CPE comes again.",
    preconditions: [],
    steps: [
      step("Send half an envelope where a request was due.", async (t) => {
        const [task] = await t.tell((id, version) =>
          writeCwmp({ version, id, message: { method: "GetRPCMethods" } }).slice(0, 300),
        );
        const message = messageOf(task!.answer);
        if (message !== undefined && message.method !== "Fault")
          fail("wrongly-accepted", `${message.method} to half an envelope`, task!.answer!);
        await t.until(() => !t.acs.isInSession, CWMP_LIMITS.silenceMs);
        t.acs.drop();
      }),
      step("The CPE can be asked as before.", (t) => t.ask({ method: "GetRPCMethods" })),
    ],
    pass: "No answer but a fault, and alive.",
  }),
];

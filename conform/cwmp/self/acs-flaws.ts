/** Known flaws of ACSs, as data: what becomes of the answers of ours where a case is to find it out. */
import type { HttpAnswer, TesterRequest } from "../core/types.ts";

type Answered = Extract<HttpAnswer, { ok: true }>;

export interface AcsFlaw {
  name: string;
  about: string;
  change?: (request: TesterRequest, answer: Answered) => Answered;
}

const NOTHING = new Uint8Array(0);
const textOf = (body: Uint8Array | undefined): string => new TextDecoder().decode(body ?? NOTHING);

/** The text of each answer. */
const texts =
  (change: (text: string, request: string) => string) =>
  (request: TesterRequest, answer: Answered): Answered => ({
    ...answer,
    body: Buffer.from(change(textOf(answer.body), textOf(request.body))),
  });

const envelope = (id: string, message: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:cwmp="urn:dslforum-org:cwmp-1-2"><s:Header><cwmp:ID s:mustUnderstand="1">${id}</cwmp:ID></s:Header><s:Body>${message}</s:Body></s:Envelope>`;

const INFORM_RESPONSE = "<cwmp:InformResponse><MaxEnvelopes>1</MaxEnvelopes></cwmp:InformResponse>";
const answered = (message: string): Pick<Answered, "status" | "body"> => ({
  status: 200,
  body: Buffer.from(envelope("1", message)),
});

export const ACS_FLAWS: readonly AcsFlaw[] = [
  { name: "reference", about: "as the standard has it" },
  {
    name: "own-ids",
    about: "answers have IDs of its own",
    change: texts((text) => (text.includes("Response>") ? text.replace(/(<cwmp:ID [^>]*>)([^<]*)/, "$1acs-$2") : text)),
  },
  {
    name: "never-acknowledges",
    about: "TransferComplete is answered by fault 8002",
    change: texts((text, request) =>
      request.includes("<cwmp:TransferComplete>") && text.includes("TransferCompleteResponse")
        ? envelope(
            "tc-1",
            "<s:Fault><faultcode>s:Server</faultcode><faultstring>CWMP fault</faultstring><detail><cwmp:Fault><FaultCode>8002</FaultCode><FaultString>Internal error</FaultString></cwmp:Fault></detail></s:Fault>",
          )
        : text,
    ),
  },
  {
    name: "html",
    about: "answers are text/html",
    change: (_request, answer) => ({ ...answer, headers: { ...answer.headers, "content-type": "text/html" } }),
  },
  {
    name: "asks-early",
    about: "it asks where an answer is due",
    change: texts((text) =>
      text.includes("GetRPCMethodsResponse") ? envelope("1", "<cwmp:GetRPCMethods></cwmp:GetRPCMethods>") : text,
    ),
  },
  {
    name: "newest-version",
    about: "it speaks CWMP 1.4 to everybody",
    change: texts((text) => text.replaceAll(/cwmp-1-[0-3]/g, "cwmp-1-4")),
  },
  {
    name: "takes-any-password",
    about: "whatever is shown as a password is taken",
    change: (request, answer) =>
      answer.status === 401 && request.headers["authorization"] !== undefined
        ? { ...answer, ...answered(INFORM_RESPONSE) }
        : answer,
  },
  {
    name: "takes-any-header",
    about: "headers that must be understood are passed over",
    change: (request, answer) =>
      answer.status === 400 && textOf(request.body).includes("<x:New")
        ? { ...answer, ...answered(INFORM_RESPONSE) }
        : answer,
  },
  {
    name: "expands-entities",
    about: "document types are read",
    change: (request, answer) =>
      answer.status === 400 && textOf(request.body).includes("<!DOCTYPE")
        ? { ...answer, ...answered(INFORM_RESPONSE) }
        : answer,
  },
  {
    name: "any-method",
    about: "a method that it does not know is answered as one that it knows",
    change: texts((text, request) =>
      request.includes("MakeCoffee")
        ? envelope("u-1", "<cwmp:GetRPCMethodsResponse><MethodList></MethodList></cwmp:GetRPCMethodsResponse>")
        : text,
    ),
  },
  {
    name: "asks-strangers",
    about: "an empty POST without an Inform gets a request",
    change: (request, answer) =>
      answer.status === 400 && textOf(request.body) === ""
        ? { ...answer, ...answered("<cwmp:GetRPCMethods></cwmp:GetRPCMethods>") }
        : answer,
  },
  {
    name: "no-end",
    about: "there is always something more to ask",
    change: (request, answer) =>
      answer.status === 204 || (answer.status === 400 && textOf(request.body).includes("GetRPCMethodsResponse"))
        ? { ...answer, ...answered("<cwmp:GetRPCMethods></cwmp:GetRPCMethods>") }
        : answer,
  },
];

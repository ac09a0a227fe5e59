/** One session with an ACS, as a CPE has it: its posts, its cookies, and how it answers what the ACS asks. */
import { DigestClient } from "../../../../base/digest/index.ts";
import {
  CPE_FAULTS,
  CWMP_CONTENT_TYPE,
  type CwmpEnvelope,
  type CwmpMessage,
  type CwmpRequest,
  type CwmpVersion,
  cwmpFault,
  readCwmp,
  writeCwmp,
} from "../../../../cwmp/index.ts";
import { CaseFailure } from "../../../core/index.ts";
import type { HttpLog } from "../log.ts";
import type { AcsWay, HttpAnswer, TesterCredentials } from "../types.ts";

const encoder = new TextEncoder();
const NOTHING = new Uint8Array(0);
/** Requests of an ACS that does not come to an end. */
const TURNS_MAX = 64;
const METHODS = [
  "GetRPCMethods",
  "SetParameterValues",
  "GetParameterValues",
  "GetParameterNames",
  "Reboot",
  "Download",
];

/** What came back for one POST. */
export interface AcsAnswer {
  exchange: number;
  http: HttpAnswer;
  envelope?: CwmpEnvelope;
  /** Why its body is no envelope; absent: it is one, or there is none. */
  problem?: string;
}

export interface PostOptions {
  version?: CwmpVersion;
  /** ID of the envelope; empty: none. */
  id?: string;
  headers?: Readonly<Record<string, string>>;
  isChunked?: boolean;
  /** The CPE shows nobody who it is. */
  isNameless?: boolean;
}

export const messageIn = ({ envelope }: AcsAnswer): CwmpMessage | undefined => envelope?.message;

export const isEnd = ({ http }: AcsAnswer): boolean =>
  http.ok && (http.status === 204 || (http.status === 200 && http.body.length === 0));

const isRequest = (message: CwmpMessage): message is CwmpRequest =>
  message.method !== "Fault" && !message.method.endsWith("Response");

export class AcsDialogue {
  readonly #way: AcsWay;
  readonly #log: HttpLog;
  readonly #credentials: TesterCredentials | undefined;
  readonly cookies = new Map<string, string>();
  /** Name of its connection; empty: each POST has one of its own. */
  connection: string;
  /** How requests of the ACS are answered; undefined: by what a CPE has to say. */
  answers: (request: CwmpRequest) => CwmpMessage | undefined = () => undefined;
  /** What the ACS has asked so far. */
  readonly asked: { request: CwmpRequest; envelope: CwmpEnvelope; exchange: number }[] = [];
  #digest: DigestClient | undefined;
  #ids = 0;
  #nonces = 0;

  constructor(way: AcsWay, log: HttpLog, connection: string, credentials: TesterCredentials | undefined) {
    this.#way = way;
    this.#log = log;
    this.connection = connection;
    this.#credentials = credentials;
  }

  /** @param content an envelope's message, a body as it is, or nothing */
  async post(content: CwmpMessage | string | undefined, options: PostOptions = {}): Promise<AcsAnswer> {
    const { version = "1.2", id = `cpe-${++this.#ids}` } = options;
    const text =
      content === undefined || typeof content === "string"
        ? (content ?? "")
        : writeCwmp({ version, id, message: content });
    const answer = await this.#send(text, options);
    const { http } = answer;
    if (!http.ok || http.status !== 401 || this.#credentials === undefined || options.isNameless === true)
      return answer;
    this.#digest = new DigestClient(this.#credentials);
    if (this.#digest.take(http.headers["www-authenticate"] ?? "") === undefined) return answer;
    return this.#send(text, options);
  }

  async #send(text: string, { headers = {}, isChunked, isNameless }: PostOptions): Promise<AcsAnswer> {
    const { url } = this.#way;
    const { pathname, search } = new URL(url);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const authorization =
      isNameless === true ? undefined : this.#digest?.answer("POST", pathname + search, `poncast-${++this.#nonces}`);
    const fields = {
      ...(text !== "" && { "content-type": CWMP_CONTENT_TYPE, soapaction: "" }),
      ...(cookie !== "" && { cookie }),
      ...(authorization !== undefined && { authorization }),
      ...headers,
    };
    const body = encoder.encode(text);
    const startNs = this.#way.nowNs();
    const exchange = this.#log.begin({ from: "tester", startNs, method: "POST", url, headers: fields, body });
    const request = { method: "POST", url, headers: fields, body, ...(isChunked === true && { isChunked }) };
    const { connection } = this;
    const http = await this.#way.request(connection === "" ? request : { ...request, connection });
    if (!http.ok) {
      exchange.notes.push(http.cause);
      return { exchange: exchange.number, http };
    }
    this.#log.replied(exchange, this.#way.nowNs(), http);
    for (const line of http.cookies) {
      const [pair] = line.split(";", 1);
      this.cookies.set(pair!.split("=", 1)[0]!.trim(), pair!.slice(pair!.indexOf("=") + 1));
    }
    if (http.body.length === 0 || http.status !== 200) return { exchange: exchange.number, http };
    const reading = readCwmp(http.body);
    return reading.ok
      ? { exchange: exchange.number, http, envelope: reading.envelope }
      : { exchange: exchange.number, http, problem: reading.fault.problem };
  }

  /** A request of ours, and its answer of that kind. @throws CaseFailure for anything else */
  async ask<Method extends CwmpMessage["method"]>(
    message: CwmpMessage | string,
    wanted: Method,
    options: PostOptions = {},
    when = typeof message === "string" ? "to our request" : `to ${message.method}`,
  ): Promise<{ answer: AcsAnswer; message: Extract<CwmpMessage, { method: Method }>; envelope: CwmpEnvelope }> {
    const answer = await this.post(message, options);
    const envelope = envelopeIn(answer, when);
    if (envelope.message.method !== wanted) {
      const { message: other } = envelope;
      const what = other.method === "Fault" ? `fault ${other.faultCode} (${other.faultString})` : other.method;
      throw new CaseFailure(
        other.method === "Fault" ? "wrongly-refused" : "wrong-answer",
        `${what} ${when}`,
        answer.exchange,
      );
    }
    return { answer, message: envelope.message as Extract<CwmpMessage, { method: Method }>, envelope };
  }

  /**
   * The empty POST, and answers to all that the ACS asks, until it has no more.
   *
   * @param isStrict it has to come to an end
   */
  async finish(isStrict = false): Promise<AcsAnswer> {
    let answer = await this.post(undefined);
    for (let turns = 0; turns < TURNS_MAX; turns++) {
      if (isEnd(answer)) return answer;
      const { message, id, version } = envelopeIn(answer, "to an empty POST, or an answer of ours");
      if (!isRequest(message))
        throw new CaseFailure("wrong-answer", `${message.method} where a request of the ACS was due`, answer.exchange);
      this.asked.push({ request: message, envelope: answer.envelope!, exchange: answer.exchange });
      answer = await this.post(this.answers(message) ?? answerTo(message), { id, version });
    }
    if (!isStrict) return answer;
    throw new CaseFailure("flood", `more than ${TURNS_MAX} requests in a session`, answer.exchange);
  }
}

/** @throws CaseFailure where there is none */
export function envelopeIn({ http, envelope, problem, exchange }: AcsAnswer, when: string): CwmpEnvelope {
  if (envelope !== undefined) return envelope;
  if (!http.ok) throw new CaseFailure("no-answer", `no answer ${when}: ${http.cause}`, exchange);
  if (problem !== undefined) throw new CaseFailure("unreadable-answer", `${problem} ${when}`, exchange);
  throw new CaseFailure(
    "wrong-http",
    `${http.status}${http.status === 200 ? " without a body" : ""} ${when}`,
    exchange,
  );
}

/** As a small CPE would. */
function answerTo(request: CwmpRequest): CwmpMessage {
  switch (request.method) {
    case "GetRPCMethods":
      return { method: "GetRPCMethodsResponse", methods: METHODS };
    case "SetParameterValues":
      return { method: "SetParameterValuesResponse", status: 0 };
    case "GetParameterValues":
      return {
        method: "GetParameterValuesResponse",
        parameters: request.names
          .filter((name) => !name.endsWith("."))
          .map((name) => ({ name, value: { type: "string", text: "" } })),
      };
    case "GetParameterNames":
      return {
        method: "GetParameterNamesResponse",
        parameters: [{ name: request.path || "Device.", writable: false }],
      };
    default:
      return cwmpFault(CPE_FAULTS.requestDenied, `this is a tester: no ${request.method}`);
  }
}

export { NOTHING };

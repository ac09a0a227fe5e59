/**
 * The ACS that cases play: it answers whatever the CPE says as the standard has it, asks what is in its queue, and keeps what it
 * heard. Cases change single answers.
 */
import {
  CWMP_CONTENT_TYPE,
  CWMP_RPC_NAMES,
  CWMP_RPCS,
  type CwmpMessage,
  type CwmpMessageOf,
  type CwmpReading,
  type CwmpRequest,
  type CwmpVersion,
  cwmpFault,
  ACS_FAULTS,
  faultForReading,
  readCwmp,
  writeCwmp,
} from "../../../../cwmp/index.ts";
import type { HttpAsk, HttpFields, HttpReply } from "../types.ts";

const NS_PER_MS = 1e6;
const encoder = new TextEncoder();
const TAKEN = CWMP_RPC_NAMES.filter((rpc) => CWMP_RPCS[rpc].from !== "acs");

/** A POST of the CPE. */
export interface HeardPost {
  /** In the log. */
  exchange: number;
  timeNs: number;
  path: string;
  method: string;
  headers: HttpFields;
  body: Uint8Array;
  connection: number;
  /** Undefined: it was empty. */
  reading: CwmpReading | undefined;
}

export interface HeardSession {
  inform: CwmpMessageOf<"Inform">;
  version: CwmpVersion;
  /** The Inform is the first. */
  posts: HeardPost[];
  /** It came to its end: it was told that there is no more. */
  isOver: boolean;
  /** Posts that came before the one in front of them was answered. */
  overlaps: HeardPost[];
}

/** A TransferComplete, with where it stood. */
export interface HeardComplete {
  message: CwmpMessageOf<"TransferComplete">;
  session: HeardSession;
  post: HeardPost;
}

/** What the CPE is asked; or an envelope as text, with the ID that it is to have. */
export type Question = CwmpRequest | ((id: string, version: CwmpVersion) => string);

export interface TesterTask {
  question: Question;
  id: string;
  /** When it went out; undefined: not yet. */
  askedNs?: number;
  session?: HeardSession;
  /** The next POST in its session. */
  answer?: HeardPost;
  /** The session ended without an answer. */
  isLost: boolean;
}

export const messageOf = (post: HeardPost | undefined): CwmpMessage | undefined =>
  post?.reading?.ok === true ? post.reading.envelope.message : undefined;

export const idOf = ({ reading }: HeardPost): string =>
  reading === undefined ? "" : reading.ok ? reading.envelope.id : reading.fault.id;

export const codesOf = ({ inform }: HeardSession): string[] => inform.events.map(({ eventCode }) => eventCode);

/** @returns undefined: as ever */
export type AcsRule = (post: HeardPost, session: HeardSession) => HttpReply | CwmpMessage | undefined;

export class TesterAcs {
  readonly sessions: HeardSession[] = [];
  /** What came without a session that goes on. */
  readonly strays: HeardPost[] = [];
  readonly tasks: TesterTask[] = [];
  /** Instead of an answer, before anything else: who asks for a password, or sends the CPE elsewhere. */
  gate: (ask: HttpAsk) => HttpReply | undefined = () => undefined;
  rule: AcsRule = () => undefined;
  /** How each answer goes out. */
  send: (reply: HttpReply, post: HeardPost) => HttpReply = (reply) => reply;
  holdRequests: boolean | undefined;
  /** An end of a session is 200 without a body, not 204. */
  endsWith200 = false;
  #asked: TesterTask | undefined;
  #current: HeardSession | undefined;
  #numbers = 0;
  #busyUntilNs = -Infinity;

  get isInSession(): boolean {
    return this.#current !== undefined;
  }

  /** The session that goes on. */
  get session(): HeardSession | undefined {
    return this.#current;
  }

  push(question: Question): TesterTask {
    const task: TesterTask = { question, id: `tester-${++this.#numbers}`, isLost: false };
    this.tasks.push(task);
    return task;
  }

  /** Answers as ever, and asks nothing more. */
  reset(): void {
    this.gate = () => undefined;
    this.rule = () => undefined;
    this.send = (reply) => reply;
    this.holdRequests = undefined;
    this.endsWith200 = false;
    this.tasks.length = 0;
  }

  /** Nobody answers any more: what goes on is over. */
  drop(): void {
    if (this.#asked !== undefined) this.#asked.isLost = true;
    this.#asked = undefined;
    this.#current = undefined;
  }

  handle(ask: HttpAsk, exchange: number, nowNs: number): HttpReply {
    const gated = this.gate(ask);
    if (gated !== undefined) return gated;
    const { path, method, headers, body, connection } = ask;
    const reading = body.length === 0 ? undefined : readCwmp(body);
    const post: HeardPost = { exchange, timeNs: nowNs, path, method, headers, body, connection, reading };
    if (this.#current !== undefined && nowNs < this.#busyUntilNs && this.#busyUntilNs < Infinity) {
      this.#current.overlaps.push(post);
      return { status: 503 };
    }
    if (reading?.ok === true && reading.envelope.message.method === "Inform")
      this.#begin(reading.envelope.message, reading.envelope.version);
    const session = this.#current;
    if (session === undefined) {
      this.strays.push(post);
      return { status: 400 };
    }
    session.posts.push(post);
    const reply = this.send(this.#ruled(post, session) ?? this.#asEver(post, session, nowNs), post);
    if (reply.isSilent === true) this.#busyUntilNs = Infinity;
    else this.#busyUntilNs = nowNs + (reply.afterMs ?? 0) * NS_PER_MS;
    if (reply.breaks === true) this.drop();
    return reply;
  }

  #begin(inform: CwmpMessageOf<"Inform">, version: CwmpVersion): void {
    this.drop();
    this.#busyUntilNs = -Infinity;
    this.#current = { inform, version, posts: [], isOver: false, overlaps: [] };
    this.sessions.push(this.#current);
  }

  #ruled(post: HeardPost, session: HeardSession): HttpReply | undefined {
    const ruled = this.rule(post, session);
    return ruled === undefined || !("method" in ruled) ? ruled : this.say(post, session, ruled);
  }

  /** An envelope that answers a POST. */
  say(post: HeardPost, session: HeardSession, message: CwmpMessage): HttpReply {
    const { holdRequests } = this;
    const hold = holdRequests === undefined ? {} : { holdRequests };
    return envelopeReply(writeCwmp({ version: session.version, id: idOf(post), ...hold, message }), session);
  }

  #asEver(post: HeardPost, session: HeardSession, nowNs: number): HttpReply {
    const message = messageOf(post);
    const isAnswer = message !== undefined && (message.method === "Fault" || message.method.endsWith("Response"));
    const answersAsked = isAnswer || (post.reading?.ok === false && this.#asked !== undefined);
    if (post.reading === undefined || answersAsked) return this.#turn(post, session, nowNs);
    if (post.reading.ok === false) {
      const fault = faultForReading(post.reading.fault, "acs");
      return fault === undefined ? { status: 400 } : this.say(post, session, fault);
    }
    switch (message!.method) {
      case "Inform":
        return this.say(post, session, { method: "InformResponse", maxEnvelopes: 1 });
      case "GetRPCMethods":
        return this.say(post, session, { method: "GetRPCMethodsResponse", methods: TAKEN });
      case "TransferComplete":
      case "AutonomousTransferComplete":
      case "RequestDownload":
        return this.say(post, session, { method: `${message!.method}Response` } as CwmpMessage);
      default:
        return this.say(post, session, cwmpFault(ACS_FAULTS.methodNotSupported, message!.method));
    }
  }

  /** The CPE has nothing more to say, or has answered. */
  #turn(post: HeardPost, session: HeardSession, nowNs: number): HttpReply {
    if (this.#asked !== undefined) {
      this.#asked.answer = post;
      this.#asked = undefined;
    }
    const task = this.tasks.shift();
    if (task === undefined) {
      session.isOver = true;
      this.#current = undefined;
      return this.endsWith200 ? { status: 200, body: new Uint8Array(0) } : { status: 204 };
    }
    this.#asked = task;
    task.askedNs = nowNs;
    task.session = session;
    const { question, id } = task;
    const { version } = session;
    const { holdRequests } = this;
    const hold = holdRequests === undefined ? {} : { holdRequests };
    const text =
      typeof question === "function" ? question(id, version) : writeCwmp({ version, id, ...hold, message: question });
    return envelopeReply(text, session);
  }
}

/** Two cookies, as ACSs behind a balancer have them. */
export const COOKIES = ["session=poncast-1; Path=/", "node=b; Path=/"] as const;

export function envelopeReply(text: string, session: HeardSession | undefined): HttpReply {
  const isFirst = session === undefined || session.posts.length <= 1;
  return {
    status: 200,
    headers: { "content-type": CWMP_CONTENT_TYPE, soapaction: "", ...(isFirst && { "set-cookie": COOKIES }) },
    body: encoder.encode(text),
  };
}

/** The network between our own CPE and the tester, in virtual time, and what a flaw makes of what goes over it. */
import {
  CPE_FAULTS,
  cwmpFault,
  type CwmpEnvelope,
  type CwmpMessage,
  readCwmp,
  writeCwmp,
} from "../../../cwmp/index.ts";
import type { Cpe, CpeRequest } from "../../../ont/cpe/index.ts";
import type { HttpAsk, HttpReply } from "../core/types.ts";
import { SelfShows } from "./door.ts";
import type { CpeFlaw } from "./flaw.ts";

const NS_PER_MS = 1e6;
const LATENCY_NS = 10 * NS_PER_MS;
/** After which an impatient CPE asks again. */
const IMPATIENT_MS = 1_000;
const PIECE_NS = NS_PER_MS;
const PIECE_BYTES = 4 * 1024;
const NOTHING = new Uint8Array(0);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

interface Links {
  cpe(): Cpe | undefined;
  ask(ask: HttpAsk): void;
  settle(): void;
  isRevoked(url: string): boolean;
  isThere(url: string): boolean;
}

/** An answer on its way. */
interface Coming {
  id: number;
  request: CpeRequest;
  status: number;
  headers: Record<string, string>;
  cookies: string[];
  body: Uint8Array;
  cutAtBytes: number;
  sentBytes: number;
  hasHead: boolean;
  dueNs: number;
}

export class SelfNetwork {
  readonly #flaw: CpeFlaw;
  readonly #links: Links;
  readonly #shows = new SelfShows();
  #leaving: { dueNs: number; id: number; run: (nowNs: number) => void }[] = [];
  #coming: Coming[] = [];
  #reports = 0;
  #taken = 0;

  constructor(flaw: CpeFlaw, links: Links) {
    this.#flaw = flaw;
    this.#links = links;
  }

  clear(): void {
    this.#leaving = [];
    this.#coming = [];
  }

  abort(id: number): void {
    this.#leaving = this.#leaving.filter((each) => each.id !== id);
    this.#coming = this.#coming.filter((each) => each.id !== id);
  }

  get nextNs(): number {
    const dues = [...this.#leaving, ...this.#coming].map((each) => this.#dueNs(each));
    return Math.min(Infinity, ...dues);
  }

  /** A file waits for room. */
  #dueNs(each: { dueNs: number; request?: CpeRequest; hasHead?: boolean }): number {
    if (each.request?.isBulk !== true || each.hasHead !== true) return each.dueNs;
    const cpe = this.#links.cpe();
    return cpe !== undefined && cpe.roomBytes(each.dueNs) > 0 ? each.dueNs : each.dueNs + 50 * NS_PER_MS;
  }

  advance(nowNs: number): void {
    const leaving = this.#leaving.filter(({ dueNs }) => dueNs <= nowNs);
    this.#leaving = this.#leaving.filter((each) => !leaving.includes(each));
    for (const { run } of leaving) run(nowNs);
    const due = this.#coming.filter((each) => this.#dueNs(each) <= nowNs);
    // What one brings may abort another.
    for (const each of due) if (this.#coming.includes(each)) this.#deliver(each, nowNs);
  }

  send(nowNs: number, id: number, request: CpeRequest, isAgain = false): void {
    const broken = (cause: string, afterNs = LATENCY_NS): void =>
      this.#later(nowNs + afterNs, id, (atNs) => this.#links.cpe()?.handleBroken(atNs, id, cause));
    if (this.#links.isRevoked(request.url) && this.#flaw.trustsRevoked !== true)
      return broken("192.0.2.1:7550: the certificate has been revoked at 2026-01-01");
    if (!this.#links.isThere(request.url) && !this.#links.isRevoked(request.url))
      return broken("connect ECONNREFUSED 192.0.2.1:9");
    this.#later(nowNs + LATENCY_NS, id, (atNs) => this.#ask(atNs, id, request, isAgain));
  }

  #later(dueNs: number, id: number, run: (nowNs: number) => void): void {
    this.#leaving.push({ dueNs, id, run });
  }

  #ask(nowNs: number, id: number, asked: CpeRequest, isAgain: boolean): void {
    const request = this.#changed(asked);
    const { method, url, headers, body = "" } = request;
    const { pathname, search } = new URL(url);
    const authorization = this.#shows.authorizationOf(request);
    const isPost = method === "POST";
    this.#links.ask({
      method,
      path: pathname + search,
      headers: {
        host: new URL(url).host,
        ...headers,
        ...(authorization !== undefined && { authorization }),
        ...(isPost && { "content-length": `${encoder.encode(body).length}` }),
      },
      body: encoder.encode(body),
      connection: isPost ? 1 : 2,
      isSecure: url.startsWith("https:"),
      answer: (reply) => this.#answered(nowNs, id, asked, reply, isAgain),
    });
  }

  #answered(nowNs: number, id: number, request: CpeRequest, reply: HttpReply, isAgain: boolean): void {
    const { headers = {}, body = NOTHING, afterMs = 0, cutAtBytes = Infinity, isSilent, breaks, isChunked } = reply;
    if (isSilent === true || id < 0) return;
    const status = this.#flaw.hearsStatus?.(reply.status) ?? reply.status;
    const dueNs = nowNs + LATENCY_NS + afterMs * NS_PER_MS;
    if (this.#flaw.isImpatient === true && afterMs > IMPATIENT_MS)
      this.#later(nowNs + IMPATIENT_MS * NS_PER_MS, -1, (atNs) => this.#ask(atNs, -1, request, true));
    if (breaks === true && !this.#swallows(request))
      return this.#later(dueNs, id, (atNs) => this.#links.cpe()?.handleBroken(atNs, id, "socket hang up"));
    const texts = Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === "string" ? value : value.join(", "),
    ]);
    const fields = Object.fromEntries(texts) as Record<string, string>;
    if (!isAgain && this.#flaw.isNameless !== true && this.#shows.take(request, status, fields["www-authenticate"])) {
      return this.#later(dueNs, id, (atNs) => this.send(atNs, id, request, true));
    }
    const cookies = [headers["set-cookie"] ?? []].flat();
    const heard = this.#heard(
      request,
      breaks === true
        ? undefined
        : { status, body: this.#flaw.dropsChunks === true && isChunked === true ? NOTHING : body },
    );
    if (heard === "again") return this.#later(dueNs, id, (atNs) => this.#ask(atNs, id, request, true));
    if (isChunked !== true) fields["content-length"] = `${heard.body.length}`;
    const rest = { cutAtBytes, sentBytes: 0, hasHead: false, dueNs };
    this.#coming.push({ id, request, headers: fields, cookies, ...heard, ...rest });
  }

  #deliver(coming: Coming, nowNs: number): void {
    const cpe = this.#links.cpe();
    const { id, status, headers, cookies, body, cutAtBytes, request } = coming;
    if (cpe === undefined) return;
    coming.dueNs = nowNs + PIECE_NS;
    if (!coming.hasHead) {
      coming.hasHead = true;
      return cpe.handleResponse(nowNs, id, status, headers, cookies);
    }
    const endBytes = Math.min(cutAtBytes, body.length);
    if (coming.sentBytes >= endBytes) {
      this.#coming = this.#coming.filter((each) => each !== coming);
      if (cutAtBytes === Infinity) return cpe.handleEnd(nowNs, id);
      return cpe.handleBroken(nowNs, id, "connection reset");
    }
    const room = request.isBulk ? Math.max(1, cpe.roomBytes(nowNs)) : PIECE_BYTES;
    const piece = body.subarray(coming.sentBytes, Math.min(endBytes, coming.sentBytes + Math.min(room, PIECE_BYTES)));
    coming.sentBytes += piece.length;
    cpe.handleBody(nowNs, id, piece);
  }

  /** What the CPE says, as the flaw has it. */
  #changed(request: CpeRequest): CpeRequest {
    const { says, fields, envelope } = this.#flaw;
    const { body = "" } = request;
    const headers = fields?.(request.headers, body !== "") ?? request.headers;
    if (
      request.method !== "POST" ||
      body === "" ||
      (says === undefined && envelope === undefined && this.#flaw.queueMax === undefined)
    )
      return { ...request, headers };
    const reading = readCwmp(encoder.encode(body));
    if (!reading.ok) return { ...request, headers };
    const said = this.#queued(says?.(reading.envelope.message) ?? reading.envelope.message);
    const changed: CwmpEnvelope = { ...reading.envelope, message: said, ...envelope?.(reading.envelope) };
    return { ...request, headers, body: writeCwmp(changed) };
  }

  /** One too many is refused, although it was taken. */
  #queued(message: CwmpMessage): CwmpMessage {
    if (message.method !== "DownloadResponse" || this.#flaw.queueMax === undefined) return message;
    this.#taken += 1;
    return this.#taken > this.#flaw.queueMax ? cwmpFault(CPE_FAULTS.resourcesExceeded) : message;
  }

  /** It takes a report for delivered, whatever became of it. */
  #swallows({ body = "" }: CpeRequest): boolean {
    return this.#flaw.reportsOnce === true && body.includes("TransferComplete>");
  }

  /** What the CPE hears, as the flaw has it. */
  #heard(
    request: CpeRequest,
    reply: { status: number; body: Uint8Array } | undefined,
  ): { status: number; body: Uint8Array } | "again" {
    if (reply === undefined) {
      const { envelope } = readCwmp(encoder.encode(request.body)) as { envelope: CwmpEnvelope };
      const text = writeCwmp({
        version: envelope.version,
        id: envelope.id,
        message: { method: "TransferCompleteResponse" },
      });
      return { status: 200, body: encoder.encode(text) };
    }
    const { hears, hearsText, reportsAgain, isDeafToHold } = this.#flaw;
    const isReport = reportsAgain === true && request.body?.includes("<cwmp:TransferComplete>") === true;
    if (isReport && reply.status === 200 && this.#reports++ === 0) return "again";
    if (request.method !== "POST" || reply.status !== 200 || reply.body.length === 0) return reply;
    const body = hearsText === undefined ? reply.body : encoder.encode(hearsText(decoder.decode(reply.body)));
    const reading = readCwmp(body);
    if (!reading.ok || (hears === undefined && isDeafToHold !== true)) return { ...reply, body };
    const { holdRequests, message, ...envelope } = reading.envelope;
    const hold = isDeafToHold === true || holdRequests === undefined ? {} : { holdRequests };
    return {
      ...reply,
      body: encoder.encode(writeCwmp({ ...envelope, ...hold, message: hears?.(message) ?? message })),
    };
  }
}

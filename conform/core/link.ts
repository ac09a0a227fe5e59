/** Requests to the ONT under test, and their answers or the lack of them. Knows OMCI and a transport, no download. */
import {
  decodeMessage,
  DEVICE_BASELINE,
  DEVICE_EXTENDED,
  encodeMessage,
  messageTypeName,
  RESULT,
  resultName,
  SOFTWARE_IMAGE,
  type MessageBody,
  type MessageSet,
  PDU_BYTES_MAX,
  AK,
  AR,
  MESSAGE_TYPE_BITS,
  LOW_PRIORITY_TCI_LAST,
  HIGH_PRIORITY_TCI,
} from "../../omci/index.ts";
import type { Evidence, EvidenceFrame } from "./evidence.ts";
import { CannotTest, CaseFailure } from "./failure.ts";
import type { Address, Answer, AnswerMessage, FramedResult, Request, RequestType } from "./answer.ts";
import { Inbox, type Received } from "./inbox.ts";
import { FRAMES_UNASKED_MAX, limits, type Transport } from "./transport.ts";

export { type Answer, type FramedResult, framedResultOf } from "./answer.ts";

const NS_PER_MS = 1e6;
/** Low-priority TCIs (G.988 11.2); extended has no priority, and these do as well. */
const TCI_FIRST = 0x0101;
/** Results the download actions have (tables of A.3.23 to A.3.32). */
const actionResultMax = RESULT.deviceBusy;

/** Frames to and from the ONT under test: requests with their answers, silence, notifications. */
export class TestLink {
  readonly transport: Transport;
  readonly evidence: Evidence;
  /** Set of requests that do not choose. */
  messageSet: MessageSet;
  readonly inbox = new Inbox();
  /** A request that is refused is not waited for: nobody was ever there. */
  endsRefused = false;
  #tci: number;
  /** Frames that came in since one was sent last. */
  #unasked = 0;
  readonly #scratch = new Uint8Array(PDU_BYTES_MAX);

  /** @param tci the first TCI: one ONT must not see the same TCIs again from case to case, it may keep answers by them */
  constructor(transport: Transport, messageSet: MessageSet, evidence: Evidence, tci = TCI_FIRST) {
    this.#tci = tci;
    this.transport = transport;
    this.messageSet = messageSet;
    this.evidence = evidence;
    transport.onFrame = (bytes) => this.#take(bytes);
  }

  /** Duration of a limit on this transport, nanoseconds. */
  durationNs(milliseconds: number): number {
    return Math.round(milliseconds * NS_PER_MS * this.transport.timeScale);
  }

  /** The next TCI; with `count`, the first of so many in a row, which never straddle the wrap. */
  nextTci(count = 1): number {
    if (this.#tci + count - 1 > LOW_PRIORITY_TCI_LAST) this.#tci = TCI_FIRST;
    const first = this.#tci;
    this.#tci += count;
    return first;
  }

  /** TCI that the next request will have. */
  get tci(): number {
    return this.#tci;
  }

  /** As `nextTci`, with the bit of a high-priority request of the baseline set. */
  nextHighTci(): number {
    return this.nextTci() | HIGH_PRIORITY_TCI;
  }

  #take(bytes: Uint8Array): void {
    this.#unasked += 1;
    if (this.#unasked > FRAMES_UNASKED_MAX) return;
    const frame = this.evidence.add(this.transport.nowNs(), "fromOnt", bytes.slice());
    this.inbox.push({ frame, decoded: decodeMessage(frame.bytes) });
  }

  /** Sends any bytes as a PDU. */
  sendBytes(pdu: Uint8Array): EvidenceFrame {
    const frame = this.#sending(pdu);
    this.transport.send(frame.bytes);
    return frame;
  }

  /** Sends a PDU under a wrong trailer. @throws CannotTest where frames have none */
  sendDamaged(pdu: Uint8Array): EvidenceFrame {
    if (this.transport.sendDamaged === undefined) throw new CannotTest("frames travel without a trailer here");
    this.evidence.note("sent with a wrong trailer");
    const frame = this.#sending(pdu, true);
    this.transport.sendDamaged(frame.bytes);
    return frame;
  }

  #sending(pdu: Uint8Array, damaged = false): EvidenceFrame {
    this.#unasked = 0;
    return this.evidence.add(this.transport.nowNs(), "toOnt", pdu.slice(), damaged);
  }

  encode(body: MessageBody, address: Address = {}): Uint8Array {
    const { classId = SOFTWARE_IMAGE, instanceId = 0, tci = this.nextTci(), messageSet = this.messageSet } = address;
    const end = encodeMessage({ ...body, tci, messageSet, classId, instanceId }, this.#scratch);
    return this.#scratch.slice(0, end);
  }

  /** Sends a request and hands back its answer. @throws CaseFailure when none comes in time, or another than asked for */
  async ask<Type extends RequestType>(body: Request<Type>, address: Address = {}): Promise<Answer<Type>> {
    return this.askBytes((body as { type: Type }).type, this.encode(body, address));
  }

  /** As `ask` with a PDU that is made already, for repeats to the bit. */
  async askBytes<Type extends RequestType>(type: Type, pdu: Uint8Array): Promise<Answer<Type>> {
    const since = this.inbox.length;
    return this.answerTo(type, this.sendBytes(pdu), since);
  }

  /** A request of any message type, for what this project has no words for. @returns undefined when none comes */
  async askOther(
    messageType: number,
    contents: Uint8Array,
    address: Address & { ak?: boolean } = {},
  ): Promise<FramedResult | undefined> {
    const { classId = SOFTWARE_IMAGE, instanceId = 0, tci = this.nextTci(), messageSet = this.messageSet } = address;
    const typeByte = AR | (address.ak === true ? AK : 0) | messageType;
    const header = [tci >> 8, tci, typeByte, messageSet === "baseline" ? DEVICE_BASELINE : DEVICE_EXTENDED];
    const target = [classId >> 8, classId, instanceId >> 8, instanceId];
    const since = this.inbox.length;
    const request = this.sendBytes(
      messageSet === "baseline"
        ? Uint8Array.from([...header, ...target, ...contents, ...new Uint8Array(32 - contents.length), 0, 0, 0, 40])
        : Uint8Array.from([...header, ...target, contents.length >> 8, contents.length, ...contents]),
    );
    const found = await this.find((received) => answers(received, request), since, limits.silenceMs);
    if (found === undefined) return undefined;
    const { bytes, number } = found.frame;
    return { result: bytes[messageSet === "baseline" ? 8 : 10] ?? -1, frame: number };
  }

  /**
   * The answer to a request that has gone out.
   *
   * @param since number of frames that had come in when it went out
   */
  async answerTo<Type extends RequestType>(
    type: Type,
    request: EvidenceFrame,
    since: number,
    limitMs: number = limits.answerMs,
  ): Promise<Answer<Type>> {
    const found = await this.find((received) => answers(received, request), since, limitMs, this.endsRefused);
    if (found === undefined) throw this.#nothing(request, since, limitMs);
    const { decoded, frame } = found;
    const what = nameOf(request);
    if (!decoded.ok) {
      throw new CaseFailure(
        "unreadable-answer",
        `the answer to ${what} cannot be read: ${decoded.detail}`,
        frame.number,
      );
    }
    const { message, deviations } = decoded;
    if (message.type !== type.replace(/Request$/, "Response")) {
      throw new CaseFailure(
        "wrong-answer",
        `${what} was answered by ${messageTypeName(frame.bytes[2]! & MESSAGE_TYPE_BITS)}`,
        frame.number,
      );
    }
    // Message set, class and instance: bytes 3 to 7 of both forms.
    for (let at = 3; at < 8; at++) {
      if (frame.bytes[at] === request.bytes[at]) continue;
      const part = at === 3 ? "message set" : at < 6 ? "ME class" : "ME instance";
      throw new CaseFailure(
        "wrong-answer",
        `the answer to ${what} has another ${part} than the request`,
        frame.number,
        "11.2",
      );
    }
    const answer = message as AnswerMessage<Type>;
    if (type !== "getRequest" && answer.result > actionResultMax) {
      const text = `${what} was answered ${told(answer.result)}, which this message does not have`;
      throw new CaseFailure("wrong-result", text, frame.number);
    }
    return { message: answer, deviations, frame, elapsedNs: frame.timeNs - request.timeNs };
  }

  /**
   * The first frame from `since` on that fits, waiting for it if need be.
   *
   * @param endsRefused a frame that is refused gets no answer, and there is nothing to wait for
   */
  async find(
    fits: (received: Received) => boolean,
    since: number,
    limitMs: number,
    endsRefused = false,
  ): Promise<Received | undefined> {
    const patience = this.patience(limitMs);
    for (let next = since; ;) {
      const found = this.inbox.from(next).find(fits);
      if (found !== undefined) return found;
      next = Math.max(since, this.inbox.length);
      if (this.#unasked > FRAMES_UNASKED_MAX) {
        const text = `more than ${FRAMES_UNASKED_MAX} frames came in after the last request`;
        throw new CaseFailure("flood", text, this.evidence.count);
      }
      if (patience.isOver()) return undefined;
      if (endsRefused && this.transport.isRefused === true) return undefined;
      await this.transport.wait(patience.deadlineNs());
    }
  }

  /** A limit from now on: what this machine lets us wait for our own turn is not counted, as the ONT has had none of it. */
  patience(limitMs: number): { deadlineNs: () => number; isOver: () => boolean } {
    const { transport } = this;
    const fromNs = transport.nowNs() - (transport.stalledNs ?? 0) + this.durationNs(limitMs);
    const deadlineNs = (): number => fromNs + (transport.stalledNs ?? 0);
    return { deadlineNs, isOver: () => transport.nowNs() >= deadlineNs() };
  }

  /** Lets time pass; what comes in meanwhile is kept. */
  async pause(milliseconds: number): Promise<void> {
    await this.find(() => false, this.inbox.length, milliseconds);
  }

  /** Sends bytes that must not be answered. `because` says why, for the report. */
  async sendUnanswered(pdu: Uint8Array, because: string): Promise<void> {
    const since = this.inbox.length;
    this.sendBytes(pdu);
    await this.silence(because, since);
  }

  /** Sends a message with a wrong trailer, which must not be answered. */
  async sendDamagedUnanswered(pdu: Uint8Array): Promise<void> {
    const since = this.inbox.length;
    this.sendDamaged(pdu);
    await this.silence("the trailer was wrong", since);
  }

  /** Nothing but notifications may come in. `because` says why, for the report. */
  async silence(because: string, since: number, clause?: string): Promise<void> {
    const broken = await this.find((received) => !isNotification(received), since, limits.silenceMs);
    if (broken === undefined) return;
    throw new CaseFailure("unasked-answer", `${because}, yet the ONT answered`, broken.frame.number, clause);
  }

  /** Why there is no answer, as far as what came in instead tells. */
  #nothing(request: EvidenceFrame, since: number, limitMs: number): CaseFailure {
    if (this.transport.isRefused === true) {
      const text = `nobody listens on ${this.transport.name}: ${nameOf(request)} was refused`;
      return new CaseFailure("no-answer", text, request.number);
    }
    const seconds = (this.durationNs(limitMs) / 1e9).toFixed(1);
    const others = this.inbox.from(since).filter((received) => !isNotification(received));
    const unreadable = others.find(({ decoded }) => !decoded.ok);
    if (unreadable !== undefined && !unreadable.decoded.ok) {
      const text = `no answer to ${nameOf(request)} within ${seconds} s, but a frame that cannot be read: ${unreadable.decoded.detail}`;
      return new CaseFailure("unreadable-answer", text, unreadable.frame.number);
    }
    const instead = others.length === 0 ? "" : `; ${others.length} frames of other transactions came instead`;
    return new CaseFailure(
      "no-answer",
      `no answer to ${nameOf(request)} within ${seconds} s${instead}`,
      request.number,
    );
  }
}

/** AK set and the TCI of the request. */
const answers = ({ frame: { bytes } }: Received, request: EvidenceFrame): boolean =>
  bytes.length >= 8 && (bytes[2]! & AK) !== 0 && bytes[0] === request.bytes[0] && bytes[1] === request.bytes[1];

/** Autonomous messages have TCI 0 (G.988 11.2). */
export const isNotification = ({ frame: { bytes } }: Received): boolean =>
  bytes.length >= 8 && bytes[0] === 0 && bytes[1] === 0;

const nameOf = (request: EvidenceFrame): string => messageTypeName(request.bytes[2]! & MESSAGE_TYPE_BITS);

/** A result with its name: `1 (processing error)`. */
export const told = (result: number): string => `${result} (${resultName(result)})`;

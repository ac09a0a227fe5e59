/** The rules for OLTs, and the judge that holds a conversation against them. Sees frames only: no socket, no clock. */
import { crc32 } from "../../base/kernel/index.ts";
import {
  decodeMessage,
  messageTypeName,
  RESULT,
  resultName,
  type Message,
  MESSAGE_TYPE_BITS,
} from "../../omci/index.ts";

/** What an OLT is judged by. Own wording, derived from G.988 9.1.4, 11.2 and appendix I.3; no certification. */
export const OLT_RULES = {
  "tci.nonzero": ["Commands carry a TCI that is not 0", "11.2.2"],
  "tci.distinct": ["A command carries another TCI than the one before, unless it is its repeat", "11.2.2"],
  "start.first": ["Sections come after a Start that was answered ok", "9.1.4"],
  "window.granted": ["No section goes beyond the window that was granted", "9.1.4"],
  "section.order": ["Sections of a window go up by one, from 0", "I.3"],
  "section.ar": ["Only the last section of a window asks for an answer, and every last one does", "I.3"],
  "window.wait": ["The next window begins only after the last one was answered", "I.3"],
  "window.repeat": ["A refused window is sent again from section 0", "I.3"],
  "end.complete": ["End comes after the last window was answered ok", "9.1.4"],
  "end.size": ["End names the size that Start named", "9.1.4"],
  "end.crc": ["End names the CRC-32 of the bytes that were sent", "I.363.5"],
  "end.busy": ["An End that is answered device busy is repeated until it is not", "9.1.4"],
  "activate.valid": ["Activate comes after an End that was answered ok", "9.1.4"],
  "commit.valid": ["Commit is for an image that is valid", "9.1.4"],
} as const;
export type OltRule = keyof typeof OLT_RULES;

export interface OltFinding {
  rule: OltRule;
  /** pass: seen, and as it should be. notSeen: nothing that the rule is about. */
  verdict: "pass" | "fail" | "notSeen";
  /** Of a failure: the frame (from 1, both directions counted), and what was wrong. */
  cause: string;
}

type Of<Type extends Message["type"]> = Extract<Message, { type: Type }>;

/** The download under way. */
interface Transfer {
  granted: number;
  imageBytes: number;
  accepted: Uint8Array[];
  window: Map<number, Uint8Array>;
  /** Section expected next, 0 at the beginning of a window. */
  next: number;
  /** The window's last section was sent and is not answered yet. */
  waits: boolean;
  refused: boolean;
  windowNumber: number;
}

/** Watches what an OLT sends to one ONT and what that answers, and holds it to the rules. Pure. */
export class OltJudge {
  readonly #seen = new Set<OltRule>();
  readonly #failed = new Map<OltRule, string>();
  #frame = 0;
  #lastCommand: { tci: number; bytes: string } | undefined;
  #starting: Of<"startDownloadRequest"> | undefined;
  #transfer: Transfer | undefined;
  #ending = false;
  #endAnswer: number | undefined;
  #stored = false;
  readonly #onFailure: (rule: OltRule, cause: string) => void;

  /** @param onFailure told of the first failure of each rule, at the frame that shows it */
  constructor(onFailure: (rule: OltRule, cause: string) => void = () => undefined) {
    this.#onFailure = onFailure;
  }

  /** A frame from the OLT, without its trailer. */
  request(pdu: Uint8Array): void {
    this.#frame++;
    const decoded = decodeMessage(pdu);
    if (!decoded.ok) return;
    const { message } = decoded;
    this.#check("tci.nonzero", message.tci !== 0, `${messageTypeName(pdu[2] & MESSAGE_TYPE_BITS)} with TCI 0`);
    if (message.type === "downloadSectionRequest") return this.#section(message);
    this.#checkTci(message.tci, Buffer.from(pdu).toString("hex"));
    if (message.type === "startDownloadRequest") this.#starting = message;
    if (message.type === "endDownloadRequest") this.#end(message);
    if (message.type === "activateImageRequest") {
      this.#checkBusy();
      this.#check("activate.valid", this.#stored, "Activate before any End was answered ok");
    }
    if (message.type === "commitImageRequest")
      this.#check("commit.valid", this.#stored, "Commit before any End was answered ok");
  }

  /** A frame from the ONT, without its trailer. */
  answer(pdu: Uint8Array): void {
    this.#frame++;
    const decoded = decodeMessage(pdu);
    if (!decoded.ok) return;
    const { message } = decoded;
    if (message.type === "startDownloadResponse") this.#started(message);
    if (message.type === "downloadSectionResponse") this.#windowAnswered(message);
    if (message.type === "endDownloadResponse") {
      this.#endAnswer = message.result;
      if (message.result === RESULT.ok) this.#stored = true;
      if (message.result !== RESULT.deviceBusy) this.#ending = false;
    }
  }

  /** How it stands: every rule once. */
  findings(): OltFinding[] {
    return (Object.keys(OLT_RULES) as OltRule[]).map((rule) => {
      const cause = this.#failed.get(rule);
      if (cause !== undefined) return { rule, verdict: "fail", cause };
      return { rule, verdict: this.#seen.has(rule) ? "pass" : "notSeen", cause: "" };
    });
  }

  #check(rule: OltRule, holds: boolean, cause: string): void {
    this.#seen.add(rule);
    // The first failure says most.
    if (holds || this.#failed.has(rule)) return;
    this.#failed.set(rule, `frame ${this.#frame}: ${cause}; ${OLT_RULES[rule][1]}`);
    this.#onFailure(rule, cause);
  }

  #checkTci(tci: number, bytes: string): void {
    const last = this.#lastCommand;
    this.#lastCommand = { tci, bytes };
    if (last === undefined) return;
    this.#check("tci.distinct", last.tci !== tci || last.bytes === bytes, `TCI ${tci} again for another command`);
  }

  #started({ result, windowSections }: Of<"startDownloadResponse">): void {
    const start = this.#starting;
    if (start === undefined || result !== RESULT.ok) return;
    this.#starting = undefined;
    this.#stored = false;
    this.#transfer = {
      granted: Math.min(windowSections, start.windowSections),
      imageBytes: start.imageBytes,
      accepted: [],
      window: new Map(),
      next: 0,
      waits: false,
      refused: false,
      windowNumber: 0,
    };
  }

  #section({ sectionNumber: number, ackRequested, data }: Of<"downloadSectionRequest">): void {
    const transfer = this.#transfer;
    this.#check("start.first", transfer !== undefined, `section ${number} without a Start that was answered ok`);
    if (transfer === undefined) return;
    const of = `window ${transfer.windowNumber}`;
    this.#check(
      "window.granted",
      number < transfer.granted,
      `${of}: section ${number}, ${transfer.granted} were granted`,
    );
    if (transfer.refused) {
      this.#check("window.repeat", number === 0, `${of} was refused, and goes on with section ${number}`);
      transfer.refused = false;
      transfer.window.clear();
      transfer.next = 0;
    } else if (transfer.waits && number === 0) {
      // Nothing was answered: the same window once more, from its beginning.
      const same = sameBytes(transfer.window.get(0), data);
      this.#check("window.wait", same, `${of} is not answered yet, and another begins`);
      transfer.next = 0;
    }
    transfer.waits = false;
    if (number !== 0 || transfer.next !== 0)
      this.#check("section.order", number === transfer.next, `${of}: section ${number}, ${transfer.next} was to come`);
    transfer.window.set(number, data.slice());
    transfer.next = number + 1;
    this.#checkAnswerWanted(transfer, number, ackRequested, data.length);
  }

  #checkAnswerWanted(transfer: Transfer, number: number, ackRequested: boolean, dataBytes: number): void {
    const before = transfer.accepted.reduce((sum, part) => sum + part.length, 0);
    const inWindow = [...transfer.window.values()].reduce((sum, part) => sum + part.length, 0);
    const isLast = number === transfer.granted - 1 || before + inWindow >= transfer.imageBytes;
    const cause = ackRequested
      ? `section ${number} of ${dataBytes} bytes asks for an answer in the middle of window ${transfer.windowNumber}`
      : `section ${number}, the last of window ${transfer.windowNumber}, asks for no answer`;
    // A window that is padded with empty sections ends later than the image.
    const isPadding = !ackRequested && before + inWindow >= transfer.imageBytes && number < transfer.granted - 1;
    if (!isPadding) this.#check("section.ar", isLast === ackRequested, cause);
    if (!ackRequested) return;
    transfer.waits = true;
    transfer.next = 0;
  }

  #windowAnswered({ result }: Of<"downloadSectionResponse">): void {
    const transfer = this.#transfer;
    if (transfer === undefined || !transfer.waits) return;
    transfer.waits = false;
    if (result !== RESULT.ok) {
      transfer.refused = result !== RESULT.deviceBusy;
      return;
    }
    const sections = [...transfer.window.keys()].sort((a, b) => a - b);
    for (const number of sections) transfer.accepted.push(transfer.window.get(number)!);
    transfer.window.clear();
    transfer.windowNumber++;
    this.#seen.add("window.wait");
  }

  #end({ crc32: named, imageBytes }: Of<"endDownloadRequest">): void {
    const transfer = this.#transfer;
    // Size 0 with a CRC of all ones is how a download is given up.
    if (transfer === undefined || (imageBytes === 0 && named === 0xffffffff)) return;
    const isRepeat = this.#ending;
    if (isRepeat && this.#endAnswer === RESULT.deviceBusy) this.#check("end.busy", true, "");
    this.#ending = true;
    if (isRepeat) return;
    const sent = Buffer.concat(transfer.accepted);
    this.#check(
      "end.complete",
      sent.length >= transfer.imageBytes,
      `${sent.length} of ${transfer.imageBytes} bytes were taken`,
    );
    this.#check(
      "end.size",
      imageBytes === transfer.imageBytes,
      `${imageBytes} bytes, Start named ${transfer.imageBytes}`,
    );
    const right = crc32(sent.subarray(0, transfer.imageBytes));
    this.#check("end.crc", named === right, `CRC ${hex(named)}, the bytes have ${hex(right)}`);
  }

  /** After "device busy" only the same End may come. */
  #checkBusy(): void {
    if (!this.#ending || this.#endAnswer === undefined) return;
    this.#check("end.busy", this.#endAnswer !== RESULT.deviceBusy, `End was answered ${resultName(this.#endAnswer)}`);
  }
}

const hex = (value: number): string => `0x${value.toString(16).padStart(8, "0")}`;

const sameBytes = (a: Uint8Array | undefined, b: Uint8Array): boolean =>
  a !== undefined && a.length === b.length && a.every((byte, at) => byte === b[at]);

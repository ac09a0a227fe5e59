/** The judge that holds a conversation between an OLT and an ONT against the rules. Sees frames only: no socket, no clock. */
import { crc32 } from "../../base/kernel/index.ts";
import {
  decodeMessage,
  messageTypeName,
  RESULT,
  resultName,
  type Message,
  MESSAGE_TYPE_BITS,
  pduLength,
} from "../../omci/index.ts";
import { checksumLikeness } from "./checksum-likeness.ts";
import { OLT_RULES, type OltFinding, type OltRule } from "./rules.ts";
import { UpdateCourse } from "./update-course.ts";
import { Transfer } from "./transfer.ts";

type Of<Type extends Message["type"]> = Extract<Message, { type: Type }>;

/** CRC-32s by which, with size 0, a download is given up: zeros are suggested (I.3), VOLTHA has all ones. */
const ABORT_CRC32S: readonly number[] = [0, 0xffff_ffff];
/** An ONT as it leaves the factory. */
const FACTORY_INSTANCE = 0;

/** Watches what an OLT sends to one ONT and what that answers, and holds it to the rules. Pure. */
export class OltJudge {
  readonly #seen = new Set<OltRule>();
  readonly #failed = new Map<OltRule, string>();
  #frame = 0;
  #lastCommand: { tci: number; bytes: string } | undefined;
  #starting: Of<"startDownloadRequest"> | undefined;
  #transfer: Transfer | undefined;
  /** Ends of one image so far, the answer to the last of them, and whether that is still to be asked for. */
  #ends = 0;
  #endAnswer: number | undefined;
  #aborting = false;
  readonly #valid = new Set([FACTORY_INSTANCE]);
  /** What has been seen so far. */
  readonly course = new UpdateCourse();
  readonly #onFailure: (rule: OltRule, cause: string) => void;

  /** @param onFailure told of the first failure of each rule, at the frame that shows it */
  constructor(onFailure: (rule: OltRule, cause: string) => void = () => undefined) {
    this.#onFailure = onFailure;
  }

  /** A frame from the OLT, with its trailer, where it has one. */
  request(frame: Uint8Array): void {
    this.#frame++;
    const pdu = frame.subarray(0, pduLength(frame));
    this.#checkTrailer(pdu, frame.subarray(pdu.length));
    const decoded = decodeMessage(pdu);
    if (!decoded.ok) return;
    const { message } = decoded;
    this.#check("tci.nonzero", message.tci !== 0, `${messageTypeName(pdu[2] & MESSAGE_TYPE_BITS)} with TCI 0`);
    if (message.type === "downloadSectionRequest") return this.#section(message);
    this.#checkTci(message.tci, Buffer.from(pdu).toString("hex"));
    const { instanceId } = message;
    if (message.type === "startDownloadRequest") {
      this.#checkGivenUp("a Start came instead");
      this.#starting = message;
    }
    if (message.type === "endDownloadRequest") this.#end(message);
    if (message.type === "activateImageRequest") {
      this.#checkGivenUp("Activate came instead");
      this.#check("activate.valid", this.#valid.has(instanceId), `Activate of image ${instanceId}, which is not valid`);
    }
    if (message.type === "commitImageRequest")
      this.#check("commit.valid", this.#valid.has(instanceId), `Commit of image ${instanceId}, which is not valid`);
  }

  /** A frame from the ONT, without its trailer. */
  answer(pdu: Uint8Array): void {
    this.#frame++;
    const decoded = decodeMessage(pdu);
    if (!decoded.ok) return;
    const { message } = decoded;
    this.course.answered(message, this.#aborting);
    if (message.type === "startDownloadResponse") this.#started(message);
    if (message.type === "downloadSectionResponse") this.#transfer?.answered(message, this.#check);
    if (message.type === "endDownloadResponse") this.#ended(message);
  }

  /** Where the OLT is, for people. */
  get doing(): string {
    if (this.#isBusy) return `${this.#ends} ${this.#ends === 1 ? "End" : "Ends"}, the ONT is still storing`;
    const transfer = this.#transfer;
    if (transfer === undefined || this.course.doing !== "downloading") return this.course.doing;
    const percent = Math.min(100, Math.floor((100 * transfer.bytes) / transfer.imageBytes));
    return `downloading: ${percent} % of ${transfer.imageBytes} bytes in ${transfer.windows} windows`;
  }

  /** The OLT is expected to ask again. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** How it stands: every rule once. @param wasCut it was not the OLT who came to an end */
  findings(wasCut = false): OltFinding[] {
    return (Object.keys(OLT_RULES) as OltRule[]).map((rule) => {
      const cause = this.#failed.get(rule);
      if (cause !== undefined) return { rule, verdict: "fail", cause };
      if (rule === "end.busy" && this.#isBusy) {
        const told = `${this.#endsTold}, and none came behind it`;
        if (wasCut) return { rule, verdict: "notSeen", cause: `${told} before the time was up` };
        return { rule, verdict: "fail", cause: `${told}; ${OLT_RULES[rule][1]}` };
      }
      return { rule, verdict: this.#seen.has(rule) ? "pass" : "notSeen", cause: "" };
    });
  }

  readonly #check = (rule: OltRule, holds: boolean, cause: string): void => {
    this.#seen.add(rule);
    // The first failure says most.
    if (holds || this.#failed.has(rule)) return;
    this.#failed.set(rule, `frame ${this.#frame}: ${cause}; ${OLT_RULES[rule][1]}`);
    this.#onFailure(rule, cause);
  };

  /** Four zero bytes are where hardware puts the trailer. */
  #checkTrailer(pdu: Uint8Array, trailer: Uint8Array): void {
    if (trailer.every((byte) => byte === 0)) return;
    const named = Buffer.from(trailer).readUInt32BE();
    const right = crc32(pdu);
    const likeness = checksumLikeness(named, pdu) ?? "neither that nor another CRC-32; a MIC cannot be told here";
    this.#check("trailer.right", named === right, `trailer ${hex(named)}, ${hex(right)} is right: ${likeness}`);
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
    const { instanceId, imageBytes } = start;
    this.#starting = undefined;
    this.#valid.delete(instanceId);
    this.#ends = 0;
    this.#endAnswer = undefined;
    const granted = Math.min(windowSections, start.windowSections);
    this.#transfer = new Transfer({ instanceId, granted, imageBytes });
  }

  #section(message: Of<"downloadSectionRequest">): void {
    const cause = `section ${message.sectionNumber} without a Start that was answered ok`;
    this.#check("start.first", this.#transfer !== undefined, cause);
    this.#transfer?.section(message, this.#check);
  }

  #end({ crc32: named, imageBytes }: Of<"endDownloadRequest">): void {
    const transfer = this.#transfer;
    this.#aborting = imageBytes === 0 && ABORT_CRC32S.includes(named);
    if (this.#aborting) return this.#checkGivenUp("the download was given up");
    if (transfer === undefined) return;
    if (this.#ends++ > 0) return;
    transfer.ended(this.#check);
    const size = transfer.imageBytes;
    this.#check("end.complete", transfer.bytes >= size, `${transfer.bytes} of ${size} bytes were taken`);
    this.#check("end.size", imageBytes === size, `${imageBytes} bytes, Start named ${size}`);
    this.#checkCrc(named, transfer);
  }

  #checkCrc(named: number, transfer: Transfer): void {
    const sent = transfer.sent();
    const image = sent.subarray(0, transfer.imageBytes);
    const right = crc32(image);
    if (named === right || named === crc32(transfer.sentOnce().subarray(0, transfer.imageBytes)))
      return this.#check("end.crc", true, "");
    const likeness = checksumLikeness(named, image, sent.length === image.length ? undefined : sent);
    const told = likeness === undefined ? "" : `: ${likeness}`;
    this.#check("end.crc", false, `CRC ${hex(named)}, the bytes have ${hex(right)}${told}`);
  }

  #ended({ result }: Of<"endDownloadResponse">): void {
    if (this.#aborting) {
      this.#transfer = undefined;
      this.#ends = 0;
      this.#endAnswer = undefined;
      return;
    }
    if (this.#isBusy && result !== RESULT.deviceBusy) this.#check("end.busy", true, "");
    this.#endAnswer = result;
    const instanceId = this.#transfer?.instanceId;
    if (result === RESULT.ok && instanceId !== undefined) this.#valid.add(instanceId);
    if (result !== RESULT.deviceBusy) this.#ends = 0;
  }

  get #isBusy(): boolean {
    return this.#endAnswer === RESULT.deviceBusy;
  }

  get #endsTold(): string {
    return `the last of ${this.#ends} Ends was answered ${RESULT.deviceBusy} (${resultName(RESULT.deviceBusy)})`;
  }

  /** After "device busy" only the same End may come. */
  #checkGivenUp(instead: string): void {
    if (this.#isBusy) this.#check("end.busy", false, `${this.#endsTold}, and ${instead}`);
  }
}

const hex = (value: number): string => `0x${value.toString(16).padStart(8, "0")}`;

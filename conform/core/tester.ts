/**
 * The commands and waits that case steps are written with. Time passes only on the transport, so that steps run in
 * virtual time as well.
 */
import { framedResultOf } from "./link.ts";
import {
  maskOf,
  ONU_DATA,
  ONU_G,
  RESULT,
  SOFTWARE_IMAGE,
  unpackAttributes,
  type MessageSet,
} from "../../omci/index.ts";
import { Download } from "./download.ts";
import { Evidence, type EvidenceFrame } from "./evidence.ts";
import { CannotTest, CaseFailure, resultKey } from "./failure.ts";
import { flagsMask, Images, type ReportedImage } from "./images.ts";
import { TestLink, type FramedResult, told } from "./link.ts";
import { type ConformImage, limits, type Transport } from "./transport.ts";

/** Answers of an ONT that may be down: shorter than those of one that has to be up. */
const POLL_ANSWER_MS = 1500;

export interface TesterOptions {
  transport: Transport;
  messageSet: MessageSet;
  image: ConformImage | undefined;
  /** Where TCIs go on from the case before. */
  tci?: number;
  /** Sees every frame, for a capture. */
  onFrame?: (frame: EvidenceFrame) => void;
}

/** An OLT's hands, for one case: what the steps of the catalogue are written with. */
export class Tester {
  readonly link: TestLink;
  readonly images: Images;
  readonly download: Download;
  readonly messageSet: MessageSet;
  readonly evidence: Evidence;
  /** The ONT may be on its way down or up. */
  restarting = false;
  /** MIB data sync before the last restart was asked for; undefined: the ONT does not tell. */
  #syncBefore: number | undefined;

  constructor({ transport, messageSet, image, tci, onFrame }: TesterOptions) {
    this.messageSet = messageSet;
    this.evidence = new Evidence(onFrame);
    this.link = new TestLink(transport, messageSet, this.evidence, tci);
    this.images = new Images(this.link);
    this.download = new Download(this.link, this.images, image);
  }

  get isExtended(): boolean {
    return this.messageSet === "extended";
  }

  /** The other message set. */
  get otherSet(): MessageSet {
    return this.isExtended ? "baseline" : "extended";
  }

  /** Result of Activate image. */
  async askActivate(instanceId: number, flags = 0, tci?: number): Promise<FramedResult> {
    const address = tci === undefined ? { instanceId } : { instanceId, tci };
    const { message, frame } = await this.link.ask({ type: "activateImageRequest", flags }, address);
    if (message.result === RESULT.ok) this.restarting = true;
    return { result: message.result, frame: frame.number };
  }

  async askCommit(instanceId: number, tci?: number): Promise<FramedResult> {
    const address = tci === undefined ? { instanceId } : { instanceId, tci };
    return framedResultOf(await this.link.ask({ type: "commitImageRequest" }, address));
  }

  /** Activate that has to be answered 0, and the restart behind it; then the other image runs. */
  async activate(instanceId: number, flags = 0): Promise<void> {
    await this.noteSync();
    expectResult("Activate of a valid image", await this.askActivate(instanceId, flags), [RESULT.ok]);
    await this.untilRestarted(instanceId);
  }

  async commit(instanceId: number): Promise<void> {
    expectResult("Commit of a valid image", await this.askCommit(instanceId), [RESULT.ok]);
  }

  async askReboot(flags = 0): Promise<FramedResult> {
    const { message, frame } = await this.link.ask({ type: "rebootRequest", flags }, { classId: ONU_G, instanceId: 0 });
    if (message.result === RESULT.ok) this.restarting = true;
    return { result: message.result, frame: frame.number };
  }

  /** Reboot that has to be answered 0, and the restart behind it. */
  async reboot(flags = 0): Promise<void> {
    await this.noteSync();
    expectResult("Reboot", await this.askReboot(flags), [RESULT.ok]);
    await this.untilRestarted();
  }

  /** @throws CannotTest when nobody can switch the power */
  async powerCycle(): Promise<void> {
    const { transport } = this.link;
    if (transport.powerCycle === undefined) throw new CannotTest("nobody can switch this target's power");
    this.restarting = true;
    await transport.powerCycle();
    this.evidence.note("the power was cut and given back before this frame");
    this.download.mayRun = false;
    await this.untilUp();
  }

  /**
   * Waits until the ONT went down and came back. An ONT that is back before anyone noticed is told by the image that
   * runs now, or by its MIB data sync, which begins at 0 (G.988 9.1.3).
   *
   * @param instanceId the image that is to run then, if it does not run now
   */
  async untilRestarted(instanceId?: number): Promise<void> {
    const { transport } = this.link;
    const patience = this.link.patience(limits.restartBeginMs);
    if (transport.restartSilenceMs === 0) await this.link.pause(limits.restartPollMs);
    for (; transport.restartSilenceMs !== 0;) {
      const state = await this.#poll(instanceId ?? this.images.target);
      if (state === undefined) break;
      if (instanceId === this.images.target && state.active === 1) break;
      if (await this.#beganAnew()) break;
      if (patience.isOver()) {
        this.restarting = false;
        const text = `the restart was answered 0, yet the ONT answers on without a break for ${limits.restartBeginMs / 1000} s`;
        throw new CaseFailure("no-restart", text, state.frame);
      }
      await this.link.pause(Math.min(limits.restartPollMs, transport.restartSilenceMs ?? Infinity));
    }
    this.#syncBefore = undefined;
    this.download.mayRun = false;
    await this.untilUp();
  }

  /** Remembers MIB data sync before a restart, by which one that nobody noticed is told. */
  async noteSync(): Promise<void> {
    this.#syncBefore = await this.#syncIfTold();
  }

  async #beganAnew(): Promise<boolean> {
    if (this.#syncBefore === undefined || this.#syncBefore === 0) return false;
    return (await this.#syncIfTold()) === 0;
  }

  async #syncIfTold(): Promise<number | undefined> {
    try {
      return (await this.sync()).value;
    } catch (error) {
      if (error instanceof CaseFailure) return undefined;
      throw error;
    }
  }

  /** Waits until the ONT answers. */
  async untilUp(): Promise<void> {
    const patience = this.link.patience(limits.restartMs);
    while ((await this.#poll(this.images.target)) === undefined) {
      if (patience.isOver()) {
        const text = `the ONT does not answer ${limits.restartMs / 1000} s after a restart`;
        throw new CaseFailure("does-not-come-back", text, this.evidence.count);
      }
      await this.link.pause(limits.restartPollMs);
    }
    this.restarting = false;
  }

  /** Commands that are to have no effect: any defined error will do, "device busy" will not. */
  refused(what: string, outcome: FramedResult, clause = "9.1.4"): void {
    expectResult(what, outcome, refusals, clause);
  }

  /** The ONT answers as before. */
  async stillAnswers(): Promise<void> {
    await this.images.readBoth();
  }

  /** MIB data sync of ONU data (G.988 9.1.3). */
  async sync(): Promise<{ value: number; frame: number }> {
    const { message, frame } = await this.link.ask(
      { type: "getRequest", attributeMask: maskOf(ONU_DATA, "mibDataSync") },
      { classId: ONU_DATA, instanceId: 0 },
    );
    const value = unpackAttributes(ONU_DATA, message.attributeMask, message.values).mibDataSync;
    if (message.result === RESULT.ok && typeof value === "number") return { value, frame: frame.number };
    const text = `Get of MIB data sync was answered ${told(message.result)}`;
    throw new CaseFailure("wrong-attribute", text, frame.number, "9.1.3");
  }

  /** An ONT that is silent for so long at least while it restarts. */
  get #pollAnswerMs(): number {
    return Math.min(POLL_ANSWER_MS, this.link.transport.restartSilenceMs || Infinity);
  }

  /** The state of one image if the ONT answers, else nothing. */
  async #poll(instanceId: number): Promise<ReportedImage | undefined> {
    const since = this.link.inbox.length;
    const pdu = this.link.encode({ type: "getRequest", attributeMask: flagsMask }, { instanceId });
    const request = this.link.sendBytes(pdu);
    try {
      const { message, frame } = await this.link.answerTo("getRequest", request, since, this.#pollAnswerMs);
      const values = unpackAttributes(SOFTWARE_IMAGE, message.attributeMask, message.values);
      return {
        version: values.version ?? "",
        committed: values.isCommitted ?? 0,
        active: values.isActive ?? 0,
        valid: values.isValid ?? 0,
        frame: frame.number,
      };
    } catch (error) {
      if (error instanceof CaseFailure && error.key === "no-answer") return undefined;
      throw error;
    }
  }
}

/** Results that refuse a command for good. */
const refusals = [
  RESULT.processingError,
  RESULT.notSupported,
  RESULT.parameterError,
  RESULT.unknownMe,
  RESULT.unknownInstance,
];

/** @throws CaseFailure when a result is none of those wanted */
export function expectResult(
  what: string,
  { result, frame }: FramedResult,
  wanted: readonly number[],
  clause?: string,
): void {
  if (wanted.includes(result)) return;
  const text = `${what} was answered ${told(result)}; ${wanted.map(told).join(" or ")} is wanted`;
  throw new CaseFailure(resultKey(result, wanted), text, frame, clause);
}

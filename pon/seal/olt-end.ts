/** The OLT's end of sealed datagrams: what it sends, numbered, and what the ONTs that it has ranged send, each once. */
import type { Encapsulation } from "../burst.ts";
import { isRanging, type RangingMessage } from "../ranging/message.ts";
import { ReplayWindow } from "./replay-window.ts";
import { LinkSeal, SEAL_BYTES, SEAL_KIND, type SealFault } from "./seal.ts";

interface OntFlows {
  onuId: number;
  /** Up: the ONT's number of its ranging. */
  upFlow: number;
  window: ReplayWindow;
  /** Down: the OLT's. */
  downFlow: number;
  downCount: number;
}

/** Why a datagram goes no further. */
export type OpenFault = SealFault | "other-flow" | "replayed" | "not-ranged";

/** Of a datagram that was opened: where its content begins, and whose frames they are; undefined: the content says it. */
export interface Opened {
  start: number;
  onuId: number | undefined;
}

/** Without a key it lets everything pass. */
export class OltEnd {
  readonly #seal: LinkSeal | undefined;
  readonly #sealsFrames: boolean;
  /** What goes to all. */
  readonly #groupFlow: number;
  #groupCount = 0;
  readonly #byOnuId: (OntFlows | undefined)[] = [];
  readonly #byUpFlow = new Map<number, OntFlows>();
  readonly #opened: Opened = { start: 0, onuId: undefined };

  /** @param nonce a number that no other life of this OLT has */
  constructor(ponKey: Uint8Array | undefined, encapsulation: Encapsulation, nonce: number) {
    this.#seal = ponKey && new LinkSeal(ponKey);
    this.#sealsFrames = this.#seal !== undefined && encapsulation === "gem";
    this.#groupFlow = nonce;
  }

  get headBytes(): { frames: number; ranging: number } {
    return { frames: this.#sealsFrames ? SEAL_BYTES : 0, ranging: this.#seal === undefined ? 0 : SEAL_BYTES };
  }

  sealBroadcast(datagram: Uint8Array, lengthBytes: number): void {
    if (this.#sealsFrames)
      this.#seal!.seal(datagram, lengthBytes, SEAL_KIND.broadcast, this.#groupFlow, this.#groupCount++);
  }

  sealUnicast(onuId: number, datagram: Uint8Array, lengthBytes: number): void {
    const ont = this.#byOnuId[onuId];
    if (this.#sealsFrames && ont)
      this.#seal!.seal(datagram, lengthBytes, SEAL_KIND.unicast, ont.downFlow, ont.downCount++);
  }

  /** What an ONT has to know of the flow to all, for an assignment. */
  group(): Pick<RangingMessage, "groupFlow" | "groupCount"> {
    return { groupFlow: this.#sealsFrames ? this.#groupFlow : 0, groupCount: this.#groupCount };
  }

  /** Ranging messages need no number: they are answers to the ONT's. */
  sealRanging(datagram: Uint8Array, { oltNonce }: RangingMessage): void {
    this.#seal?.seal(datagram, datagram.length, SEAL_KIND.ranging, oltNonce, 0);
  }

  /** @returns what is valid until the next call, or why it goes no further */
  open(datagram: Uint8Array): Opened | OpenFault {
    const opened = this.#opened;
    opened.start = 0;
    opened.onuId = undefined;
    const seal = this.#seal;
    if (seal === undefined) return opened;
    const fault = seal.open(datagram);
    if (fault === "not-sealed" && !this.#sealsFrames && !isRanging(datagram)) return opened;
    if (fault !== undefined) return fault;
    if (seal.kind !== SEAL_KIND.up) return "other-flow";
    opened.start = SEAL_BYTES;
    const ont = this.#byUpFlow.get(seal.flow);
    if (ont !== undefined && !ont.window.take(seal.count)) return "replayed";
    opened.onuId = ont?.onuId ?? -1;
    return opened;
  }

  /** Whether a ranging message is of the flow that its datagram was sealed for. */
  isOfFlow({ ontNonce }: RangingMessage): boolean {
    return this.#seal === undefined || this.#seal.flow === ontNonce;
  }

  /** The ONT has said, in the datagram that was opened last, that it has its ONU-ID. */
  ranged(onuId: number, { ontNonce, oltNonce }: RangingMessage): void {
    const before = this.#byOnuId[onuId];
    if (before) this.#byUpFlow.delete(before.upFlow);
    const window = new ReplayWindow(this.#seal?.count ?? -1);
    const ont = { onuId, upFlow: ontNonce, window, downFlow: oltNonce, downCount: 0 };
    this.#byOnuId[onuId] = ont;
    this.#byUpFlow.set(ontNonce, ont);
  }
}

/** The ONTs' end of sealed datagrams: what the OLT that has ranged them sends, each once, and what they send. */
import type { Encapsulation } from "../burst.ts";
import { isRanging, type RangingMessage } from "../ranging/message.ts";
import { ReplayWindow } from "./replay-window.ts";
import { LinkSeal, SEAL_BYTES, SEAL_KIND } from "./seal.ts";

interface Flow {
  readonly flow: number;
  readonly window: ReplayWindow;
}

/** One for the ONTs of a socket. Without a key it lets everything pass. */
export class OntEnd {
  /** Datagrams that nobody gets to see, by cause. */
  readonly dropped = new Map<string, number>();
  readonly #seal: LinkSeal | undefined;
  /** Frames have a seal; where each datagram is one bare frame, only ranging has. */
  readonly #sealsFrames: boolean;
  #group: Flow | undefined;
  /** By serial number: what the OLT sends to that ONT alone. */
  readonly #own = new Map<string, Flow>();

  constructor(ponKey: Uint8Array | undefined, encapsulation: Encapsulation) {
    this.#seal = ponKey && new LinkSeal(ponKey);
    this.#sealsFrames = this.#seal !== undefined && encapsulation === "gem";
  }

  /** Left free in front of frames, and of a ranging message. */
  get headBytes(): { frames: number; ranging: number } {
    return { frames: this.#sealsFrames ? SEAL_BYTES : 0, ranging: this.#seal === undefined ? 0 : SEAL_BYTES };
  }

  /** The kernel has the datagram that was opened last as a burst. */
  get isLoaded(): boolean {
    return this.#sealsFrames && this.#seal!.isLoaded;
  }

  /** @returns where a datagram to all begins; -1: it is not the OLT's, or was here before */
  openBroadcast(datagram: Uint8Array): number {
    if (!this.#sealsFrames) return 0;
    const seal = this.#seal!;
    const fault = seal.open(datagram);
    if (fault !== undefined) return this.#drop(fault);
    if (seal.kind !== SEAL_KIND.broadcast || this.#group?.flow !== seal.flow) return this.#drop("other-flow");
    return this.#group.window.take(seal.count) ? SEAL_BYTES : this.#drop("replayed");
  }

  /** The same for a datagram to these ONTs alone; a ranging message is one of this ranging or not, by its own numbers. */
  openOwn(datagram: Uint8Array): number {
    const seal = this.#seal;
    if (seal === undefined) return 0;
    const fault = seal.open(datagram);
    if (fault === "not-sealed" && !this.#sealsFrames && !isRanging(datagram)) return 0;
    if (fault !== undefined) return this.#drop(fault);
    if (seal.kind === SEAL_KIND.ranging) return SEAL_BYTES;
    if (seal.kind !== SEAL_KIND.unicast) return this.#drop("other-flow");
    for (const { flow, window } of this.#own.values()) {
      if (flow === seal.flow) return window.take(seal.count) ? SEAL_BYTES : this.#drop("replayed");
    }
    return this.#drop("other-flow");
  }

  /** From now on this is what the OLT sends to this ONT, and to all. */
  ranged({ serial, oltNonce, groupFlow, groupCount }: RangingMessage): void {
    this.#own.set(serial, { flow: oltNonce, window: new ReplayWindow() });
    if (this.#group?.flow !== groupFlow) this.#group = { flow: groupFlow, window: new ReplayWindow(groupCount - 1) };
  }

  /** Its light is off: it hears nothing. */
  gone(serial: string): void {
    this.#own.delete(serial);
  }

  /**
   * Seals what goes up, if it has a seal.
   *
   * @param flow the ONT's number of its ranging @param count never twice in the life of an ONT
   */
  sealUp(datagram: Uint8Array, lengthBytes: number, flow: number, count: number): void {
    this.#seal?.seal(datagram, lengthBytes, SEAL_KIND.up, flow, count);
  }

  #drop(cause: string): -1 {
    this.dropped.set(cause, (this.dropped.get(cause) ?? 0) + 1);
    return -1;
  }
}

/** A way south behind a feed that others share: no more leaves than the feed brings. A link around a link. */
import type { SectionSpan } from "../../omci/index.ts";
import type { LinkTraffic } from "../../pon/index.ts";
import { Pacer } from "../core/pacer.ts";
import type { RealTimeSouthbound, SouthboundHandlers } from "./southbound.ts";

/** Timers of a busy machine come late: what the feed brought meanwhile is not lost, up to this. */
const FEED_BURST_NS = 20e6;

export class FedSouthbound implements RealTimeSouthbound {
  readonly name: string;
  readonly downstream: LinkTraffic;
  readonly upstream: LinkTraffic;
  readonly #inner: RealTimeSouthbound;
  readonly #pacer: Pacer;
  #nowNs = 0;
  /** Of the inner way when the pacer was told last. */
  #sentBytes: number;
  #wasHeldBack = false;

  constructor(inner: RealTimeSouthbound, bytesPerSecond: number) {
    this.#inner = inner;
    this.name = inner.name;
    this.downstream = inner.downstream;
    this.upstream = inner.upstream;
    this.#sentBytes = inner.downstream.gemBytes;
    this.#pacer = new Pacer(bytesPerSecond, FEED_BURST_NS);
  }

  get handlers(): SouthboundHandlers {
    return this.#inner.handlers;
  }

  set handlers(handlers: SouthboundHandlers) {
    this.#inner.handlers = handlers;
  }

  /** From now on. */
  changeRate(nowNs: number, bytesPerSecond: number): void {
    this.#settle();
    this.#pacer.changeRate(nowNs, bytesPerSecond);
    this.handlers.onDue();
  }

  /** There was more to send than the feed brought, since this was asked last. */
  wasHeldBack(): boolean {
    const was = this.#wasHeldBack;
    this.#wasHeldBack = false;
    return was;
  }

  beginTurn(nowNs: number): void {
    this.#nowNs = nowNs;
    this.#inner.beginTurn(nowNs);
  }

  roomBytes(): number {
    this.#settle();
    return Math.min(this.#inner.roomBytes(), this.#pacer.allowance(this.#nowNs));
  }

  frame(to: number, bytes: Uint8Array, lengthBytes: number): void {
    this.#inner.frame(to, bytes, lengthBytes);
  }

  sections(to: number, span: SectionSpan): void {
    this.#inner.sections(to, span);
  }

  flush(): void {
    this.#inner.flush();
  }

  /** Asked where something waits for room. */
  roomAgainNs(nowNs: number): number {
    this.#settle();
    const fedNs = this.#pacer.readyNs(nowNs);
    if (fedNs > nowNs) this.#wasHeldBack = true;
    return Math.max(fedNs, this.#inner.roomAgainNs(nowNs));
  }

  nextTimeoutNs(): number {
    return this.#inner.nextTimeoutNs();
  }

  handleTimeout(nowNs: number): void {
    this.#inner.handleTimeout(nowNs);
  }

  #settle(): void {
    const { gemBytes } = this.downstream;
    this.#pacer.spend(gemBytes - this.#sentBytes);
    this.#sentBytes = gemBytes;
  }
}

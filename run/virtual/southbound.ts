/** The OLT's way to its ONTs on the line in virtual time. */
import type { SectionSpan } from "../../omci/index.ts";
import type { Southbound } from "../../olt/index.ts";
import type { LinkTraffic } from "../../pon/index.ts";
import type { Downstream } from "../../pon/virtual/index.ts";
import type { Observer } from "./observer.ts";
import type { VirtualOnt } from "./virtual-ont.ts";

export interface VirtualWay {
  /** Number of the port. */
  port: number;
  line: Downstream<VirtualOnt>;
  downstream: LinkTraffic;
  upstream: LinkTraffic;
  observer: Observer;
}

/** Ranging and what comes up are events of the queue: the port hands them to the core. */
export class VirtualSouthbound implements Southbound {
  readonly name: string;
  readonly downstream: LinkTraffic;
  readonly upstream: LinkTraffic;
  readonly #port: number;
  readonly #line: Downstream<VirtualOnt>;
  readonly #observer: Observer;
  #nowNs = 0;

  constructor({ port, line, downstream, upstream, observer }: VirtualWay) {
    this.name = `OLT of port ${port}`;
    this.downstream = downstream;
    this.upstream = upstream;
    this.#port = port;
    this.#line = line;
    this.#observer = observer;
  }

  beginTurn(nowNs: number): void {
    this.#nowNs = nowNs;
  }

  roomBytes(): number {
    return this.#line.roomBytes(this.#nowNs);
  }

  frame(to: number, bytes: Uint8Array, lengthBytes: number): void {
    this.#observer.frame?.(this.#nowNs, this.#port, to, bytes.subarray(0, lengthBytes));
    this.#line.frame(this.#nowNs, to, bytes, lengthBytes);
  }

  sections(to: number, span: SectionSpan): void {
    this.#observer.sections?.(this.#nowNs, this.#port, to, span);
    this.#line.sections(this.#nowNs, to, span);
  }

  flush(): void {
    // What is sent is on the line.
  }

  roomAgainNs(nowNs: number): number {
    return this.#line.roomAgainNs(nowNs);
  }

  nextTimeoutNs(): number {
    return Infinity;
  }

  handleTimeout(): void {
    // None of its own.
  }
}

/** OLT and ONT cores joined by a plain delay. */
import { encodeSection } from "../../omci/index.ts";
import type { SectionSpan } from "../../omci/section-span.ts";
import { createOlt, turnOlt } from "../../olt/index.ts";
import { type OntSinks, turnOnt } from "../../ont/index.ts";
import { carryOut } from "../ont/flash.ts";
import { openSouthbound } from "./southbound.ts";
import { BROADCAST, type Channel } from "../../pon/types.ts";
import type { ImageSource } from "../../image/index.ts";
import type { Olt, OltConfig, OltEvent } from "../../olt/core/types.ts";
import type { BootRecord, Ont, OntEvent } from "../../ont/core/types.ts";

/** One ONT on the bench: made new at every power-on from what its flash holds. */
export interface BenchOnt {
  onuId: number;
  serial: string;
  make: (record: BootRecord, nowNs: number) => Ont;
  record: BootRecord;
  slots: [Uint8Array, Uint8Array, Uint8Array];
  core: Ont;
  powered: boolean;
  events: OntEvent[];
  received: number;
}

export interface BenchOptions {
  latencyNs: number;
  /** Decides for each frame, in order, whether it is lost. */
  loses?: (direction: "down" | "up", onuId: number, pdu: Uint8Array) => boolean;
  /** When what an ONT sends comes up at the earliest, as on a machine that has no time for it. */
  upNotBeforeNs?: (onuId: number, nowNs: number) => number;
  limitNs?: number;
}

interface Flying {
  atNs: number;
  sequence: number;
  deliver: (nowNs: number) => void;
}

/**
 * The two cores joined by a plain delay: no line model, no batching, every section a frame of its own. The smallest
 * driver there is, for tests of the cores themselves.
 */
export class BenchPon {
  nowNs = 0;
  readonly olt: Olt;
  readonly onts: BenchOnt[] = [];
  readonly oltEvents: OltEvent[] = [];
  readonly downstream: { to: number; pdu: Uint8Array }[] = [];
  readonly #options: BenchOptions;
  readonly #southbound = openSouthbound({
    frame: (to, bytes, lengthBytes) => this.#down(to, bytes.slice(0, lengthBytes)),
    sections: (to, span) => this.#downSpan(to, span),
  });
  readonly #events = { event: (_nowNs: number, event: OltEvent): unknown => this.oltEvents.push(event) };
  #flying: Flying[] = [];
  #sequence = 0;
  readonly #sinks = new Map<BenchOnt, OntSinks>();

  constructor(config: OltConfig, image: ImageSource, options: BenchOptions) {
    this.#options = options;
    this.olt = createOlt(config, image);
  }

  add(serial: string, record: BootRecord, make: BenchOnt["make"]): BenchOnt {
    const ont: BenchOnt = {
      onuId: this.onts.length,
      serial,
      make,
      record,
      slots: [new Uint8Array(0), new Uint8Array(0), new Uint8Array(0)],
      core: make(record, this.nowNs),
      powered: true,
      events: [],
      received: 0,
    };
    this.onts.push(ont);
    return ont;
  }

  powerOff(ont: BenchOnt): void {
    ont.powered = false;
    this.olt.handleLinkLost(this.nowNs, ont.onuId);
  }

  powerOn(ont: BenchOnt): void {
    ont.powered = true;
    ont.core = ont.make(ont.record, this.nowNs);
  }

  /** Runs until the OLT has finished, `until` says so, or the limit passes. */
  run(until: () => boolean = () => false): void {
    const limitNs = this.#options.limitNs ?? 3600e9;
    for (;;) {
      this.#pump();
      if (this.olt.finished || until()) return;
      const nextNs = this.#nextNs();
      if (nextNs === Infinity) throw new Error(`nothing left to happen at ${this.nowNs} ns`);
      if (nextNs > limitNs) throw new Error(`not finished after ${limitNs} ns`);
      this.nowNs = Math.max(this.nowNs, nextNs);
      this.#fire();
    }
  }

  #nextNs(): number {
    let nextNs = this.olt.nextTimeoutNs();
    for (const flying of this.#flying) nextNs = Math.min(nextNs, flying.atNs);
    for (const ont of this.onts) if (ont.powered) nextNs = Math.min(nextNs, ont.core.nextTimeoutNs());
    return nextNs;
  }

  #fire(): void {
    const due = this.#flying.filter((flying) => flying.atNs <= this.nowNs);
    this.#flying = this.#flying.filter((flying) => flying.atNs > this.nowNs);
    due.sort((a, b) => a.atNs - b.atNs || a.sequence - b.sequence);
    for (const flying of due) flying.deliver(this.nowNs);
    for (const ont of this.onts) {
      if (ont.powered && ont.core.nextTimeoutNs() <= this.nowNs) ont.core.handleTimeout(this.nowNs);
    }
    if (this.olt.nextTimeoutNs() <= this.nowNs) this.olt.handleTimeout(this.nowNs);
  }

  #pump(): void {
    for (const ont of this.onts) if (ont.powered) turnOnt(ont.core, this.#sinksFor(ont), this.nowNs);
    turnOlt(this.olt, this.#southbound, this.#events, this.nowNs);
  }

  #downSpan(to: number, span: SectionSpan): void {
    for (let index = 0; index < span.count; index++) {
      const frame = new Uint8Array(2048);
      this.#down(to, frame.slice(0, encodeSection(span, index, frame, 0)));
    }
  }

  #down(to: number, pdu: Uint8Array): void {
    this.downstream.push({ to, pdu });
    const channel: Channel = to === BROADCAST ? "broadcast" : "omcc";
    for (const ont of this.onts) {
      if (to !== BROADCAST && to !== ont.onuId) continue;
      if (this.#options.loses?.("down", ont.onuId, pdu)) continue;
      const { core } = ont;
      this.#later((nowNs) => {
        if (ont.powered && ont.core === core) core.handleFrame(nowNs, channel, pdu);
      });
    }
  }

  /** ONTs may go over to the PON of another OLT: what they hand out goes to the one that turns them. */
  #sinksFor(ont: BenchOnt): OntSinks {
    let sinks = this.#sinks.get(ont);
    if (sinks === undefined) this.#sinks.set(ont, (sinks = this.#sinksOf(ont)));
    return sinks;
  }

  #sinksOf(ont: BenchOnt): OntSinks {
    return {
      name: "ONT on the bench",
      takesFlash: true,
      frame: (bytes, lengthBytes) => {
        const { onuId } = ont;
        const pdu = bytes.slice(0, lengthBytes);
        if (this.#options.loses?.("up", onuId, pdu)) return;
        const notBeforeNs = this.#options.upNotBeforeNs?.(onuId, this.nowNs) ?? 0;
        this.#later((nowNs) => this.olt.handleFrame(nowNs, onuId, pdu), notBeforeNs);
      },
      flash: (nowNs, operation) => {
        ont.core.handleFlashDone(nowNs, operation.id, carryOut(ont, operation));
      },
      event: (nowNs, event) => {
        const { core, events, onuId, serial } = ont;
        events.push(event);
        if (event.type === "offline") this.olt.handleLinkLost(nowNs, onuId);
        if (event.type !== "online") return;
        core.handleRanged(nowNs, onuId);
        this.olt.handleRanged(nowNs, onuId, serial);
      },
    };
  }

  #later(deliver: (nowNs: number) => void, notBeforeNs = 0): void {
    this.#flying.push({
      atNs: Math.max(this.nowNs + this.#options.latencyNs, notBeforeNs),
      sequence: this.#sequence++,
      deliver,
    });
  }
}

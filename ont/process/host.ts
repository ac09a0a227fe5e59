/** One ONT of an ONT process: what drives its core in real time. */
import { randomInt } from "node:crypto";
import type { Trailer } from "../../omci/index.ts";
import {
  BurstWriter,
  createDropFibre,
  type DownstreamListener,
  encodeRanging,
  ImpairedWriter,
  newTraffic,
  omccPort,
  type OntEnd,
  OntRanging,
  type RangingMessage,
} from "../../pon/index.ts";
import { configFactsOf } from "../configuration.ts";
import { factoryRecord } from "../core/boot.ts";
import type { LocalAnswer } from "../core/local-types.ts";
import { createOnt } from "../core/ont.ts";
import type { BootRecord, FlashOperation, Ont, OntEvent } from "../core/types.ts";
import type { AttachedRecovery, LoaderPort } from "../recovery/core/types.ts";
import { LocalStore, type OntImageStore } from "../store/index.ts";
import { type OntSinks, turnOnt } from "../turn.ts";
import type { OntDescription, OntProcessConfig, OntReport } from "./protocol.ts";
import { createFactoryState, readBootRecord, SlotStore } from "./slots.ts";
import { trailerOf } from "./trailer.ts";
import { describeFactoryBundle, verifierMaker } from "./verifier.ts";

/** An answer burst is a few frames: the largest downstream burst would only cost memory. */
const UPSTREAM_BURST_BYTES = 4096;

/** What a host needs of the process around it. */
export interface HostLinks {
  nowNs: () => number;
  /** Seals what it sends, and opens what it hears. */
  end: OntEnd;
  /** Sends a datagram to the OLT; `done` when the buffer may be used again. */
  send: (buffer: Uint8Array, lengthBytes: number, done: () => void) => void;
  onEvent: (serial: string, timeNs: number, event: OntEvent) => void;
  /** `handleTimeout` is to be called by then. */
  wakeBy: (dueNs: number) => void;
  /** The flash is broken: the process ends. */
  onFailure: (error: unknown) => void;
  /** A road to its image store beside OMCI. */
  startRoad?: StartRoad | undefined;
}

/** Called with each boot. @returns what ends it, when the ONT goes down */
export type StartRoad = (ont: OntDescription, store: OntImageStore) => { close(): void };

/** One ONT with its flash, its ranging and its upstream. */
export class OntHost implements OntSinks {
  readonly serial: string;
  readonly listener: DownstreamListener;
  readonly #ont: Ont;
  readonly #store: SlotStore;
  readonly #ranging: OntRanging;
  readonly #upstream: ImpairedWriter;
  readonly #traffic = newTraffic();
  readonly #trailer: Trailer;
  readonly #links: HostLinks;
  /** Datagrams that it has sent. */
  #sent = 0;
  readonly #dropped: Record<string, number> = {};
  #flashBusy = false;
  /** The core's next deadline. */
  #coreNs = Infinity;
  #isTurning = false;
  #isClosed = false;
  readonly #local: LocalStore;
  readonly #startRoad: (() => { close(): void }) | undefined;
  #road: { close(): void } | undefined;
  #recovery: AttachedRecovery | undefined;
  /** For what comes by other roads than OMCI. */
  readonly #port: LoaderPort = {
    command: (command) => {
      const nowNs = this.#links.nowNs();
      this.#ont.handleLocal(nowNs, command);
      this.#turn(nowNs);
      this.flush();
    },
    snapshot: () => this.#ont.snapshot(),
  };

  /** Power-on; the folder gets its factory content when it has none. @throws Error when the folder is unusable */
  constructor(description: OntDescription, config: OntProcessConfig, links: HostLinks) {
    const { serial, stateFolder, factory, trailer } = description;
    const { durability, imageHash, seed } = config;
    this.serial = serial;
    this.#links = links;
    let record = readBootRecord(stateFolder);
    if (record === null) {
      const image = factory.image ?? describeFactoryBundle(factory.bundlePath, imageHash);
      const { configuration } = factory;
      record = {
        ...factoryRecord(image),
        ...(configuration && { configs: [configFactsOf(configuration), null] satisfies BootRecord["configs"] }),
      };
      createFactoryState(stateFolder, factory.bundlePath, record, durability, { configuration });
    }
    this.#store = new SlotStore(stateFolder, durability);
    const ontConfig = { ...description, createVerifier: verifierMaker(imageHash) };
    this.#ont = createOnt(ontConfig, record, links.nowNs());
    this.#local = new LocalStore(this.#port);
    const { startRoad } = links;
    this.#startRoad = startRoad && (() => startRoad(description, this.#local));
    this.#trailer = trailerOf(trailer, "upstream");
    const fibre = createDropFibre(seed, serial, { drop: description.drop });
    const writer = new BurstWriter({
      encapsulation: config.encapsulation,
      burstBytes: UPSTREAM_BURST_BYTES,
      headBytes: links.end.headBytes.frames,
      traffic: this.#traffic,
      send: (buffer, lengthBytes) => {
        if (links.end.headBytes.frames > 0) this.#seal(buffer, lengthBytes);
        links.send(buffer, lengthBytes, () => writer.reuse(buffer));
      },
    });
    this.#upstream = new ImpairedWriter({
      writer,
      link: fibre.up,
      nowNs: links.nowNs,
      onDropped: (cause) => this.#count(`upstream ${cause}`, 1),
    });
    this.#ranging = new OntRanging(
      serial,
      (message) => this.#sendRanging(message),
      (assigned, nowNs) => this.#ranged(assigned, nowNs),
    );
    this.listener = {
      portId: -1,
      trailer: trailerOf(trailer, "downstream"),
      links: fibre,
      onSections: (channel, span) => {
        const nowNs = links.nowNs();
        this.#ont.handleSections(nowNs, channel, span);
        this.#turn(nowNs);
      },
      onFrame: (channel, pdu) => {
        const nowNs = links.nowNs();
        this.#ont.handleFrame(nowNs, channel, pdu);
        this.#turn(nowNs);
      },
      onDropped: (cause) => this.#count(cause, 1),
    };
    this.#turn(links.nowNs());
  }

  get name(): string {
    return `ONT ${this.serial}`;
  }

  /** Call after each datagram: what it made the ONT send goes out. */
  flush(): void {
    this.#upstream.flush();
  }

  /** What serves its boot loader, for tools that recover it. */
  attachRecovery(make: (port: LoaderPort) => AttachedRecovery): void {
    this.#recovery = make(this.#port);
  }

  handleRanging(message: RangingMessage): void {
    if (message.serial !== this.serial) return;
    this.#ranging.handle(this.#links.nowNs(), message);
    this.#links.wakeBy(this.#ranging.nextTimeoutNs());
  }

  nextTimeoutNs(): number {
    return Math.min(this.#coreNs, this.#ranging.nextTimeoutNs(), this.#upstream.nextTimeoutNs());
  }

  handleTimeout(nowNs: number): void {
    this.#ranging.handleTimeout(nowNs);
    this.#upstream.handleTimeout(nowNs);
    if (this.#coreNs <= nowNs) {
      this.#ont.handleTimeout(nowNs);
      this.#turn(nowNs);
    }
    this.flush();
  }

  report(): OntReport {
    const { serial } = this;
    return {
      serial,
      snapshot: this.#ont.snapshot(),
      upstream: this.#traffic,
      dropped: this.#dropped,
    };
  }

  /** Power-off: the OLT sees the signal go. */
  close(): void {
    this.#endRoad();
    this.#isClosed = true;
    this.#ranging.end();
    this.#recovery?.close();
    this.#store.close();
  }

  /** One operation after the other; bringing a slot to stable storage lets the process go on meanwhile. */
  get takesFlash(): boolean {
    return !this.#flashBusy;
  }

  flash(nowNs: number, operation: FlashOperation): void {
    this.#flashBusy = true;
    let isLate = false;
    this.#store.carryOut(operation, (error, id, finding) => {
      this.#flashBusy = false;
      if (error !== null) return this.#links.onFailure(error);
      const doneNs = isLate ? this.#links.nowNs() : nowNs;
      this.#ont.handleFlashDone(doneNs, id, finding);
      if (!isLate) return;
      this.#turn(doneNs);
      this.flush();
    });
    isLate = true;
  }

  event(nowNs: number, event: OntEvent): void {
    if (event.type === "dropped") return this.#count(event.cause, event.count ?? 1);
    if (event.type === "offline") {
      this.#endRoad();
      this.listener.portId = -1;
      this.flush();
      this.#upstream.clear();
      this.#ranging.end();
      this.#links.end.gone(this.serial);
    }
    // A number that no other life of this ONT has.
    if (event.type === "online") {
      this.#ranging.begin(nowNs, randomInt(0xffff_ffff));
      // Behind the turn: it asks the core at once.
      if (this.#startRoad !== undefined) setImmediate(() => this.#beginRoad());
    }
    this.#links.onEvent(this.serial, nowNs, event);
    this.#recovery?.event(event);
  }

  frame(bytes: Uint8Array, lengthBytes: number): void {
    if (this.listener.portId < 0) return;
    this.#upstream.frame(this.listener.portId, bytes, lengthBytes, this.#trailer);
  }

  local(_nowNs: number, answer: LocalAnswer): void {
    // Each has numbers of its own.
    this.#local.answer(answer);
    this.#recovery?.answer(answer);
  }

  #beginRoad(): void {
    if (!this.#isClosed) this.#road ??= this.#startRoad?.();
  }

  #endRoad(): void {
    this.#road?.close();
    this.#road = undefined;
    this.#local.clear();
  }

  #ranged(assigned: RangingMessage, nowNs: number): void {
    const { onuId } = assigned;
    this.#links.end.ranged(assigned);
    this.listener.portId = omccPort(onuId);
    this.#ont.handleRanged(nowNs, onuId);
    this.#turn(nowNs);
  }

  #sendRanging(message: RangingMessage): void {
    const bytes = encodeRanging(message, this.#links.end.headBytes.ranging);
    this.#seal(bytes, bytes.length);
    this.#links.send(bytes, bytes.length, () => undefined);
  }

  #seal(datagram: Uint8Array, lengthBytes: number): void {
    this.#links.end.sealUp(datagram, lengthBytes, this.#ranging.nonce, this.#sent++);
  }

  /** What is asked of the core in a turn is handed out in that turn. */
  #turn(nowNs: number): void {
    if (this.#isTurning) return;
    this.#isTurning = true;
    try {
      this.#coreNs = turnOnt(this.#ont, this, nowNs);
    } finally {
      this.#isTurning = false;
    }
    this.#links.wakeBy(this.nextTimeoutNs());
  }

  #count(cause: string, frames: number): void {
    this.#dropped[cause] = (this.#dropped[cause] ?? 0) + frames;
  }
}

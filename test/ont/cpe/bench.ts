/** A CPE on the bench: its time, its ACS and file server, its store, its power; and every way in which an answer may go wrong. */
import {
  type Cpe,
  type CpeAction,
  type CpeConfig,
  type CpeEvent,
  type CpeRecord,
  type CpeRequest,
  createCpe,
} from "../../../ont/cpe/index.ts";
import { type RoadSinks, turnRoad, type UpdateState } from "../../../ont/road/index.ts";
import { carryOutStore } from "../../../ont/store/index.ts";
import { createStream } from "../../../pon/index.ts";
import { BLOCK_BYTES, second, type TestStore } from "../agent/bench.ts";
import { imageOf, MemoryStore } from "../agent/store.ts";
import { testImage } from "../images.ts";
import { ACS_URL, answerWith, download, TestAcs, type TestAnswer } from "./acs.ts";

const PIECE_BYTES = 16 * 1024;
const ANSWER_NS = 20_000_000;
const PIECE_NS = 1_000_000;
const BOOT_NS = 30 * second;

/** What becomes of an answer on its way; returns undefined for no answer at all. */
export type Spoil = (request: CpeRequest, answer: TestAnswer) => TestAnswer | undefined;

export const cpeConfig = (change: Partial<CpeConfig> = {}): CpeConfig => ({
  deviceId: { manufacturer: "PONCAST", oui: "00D09E", productClass: "PC-1", serialNumber: "PCST00000001" },
  hardwareVersion: "HW-1",
  acsUrl: ACS_URL,
  acsUsername: "cpe",
  acsPassword: "secret",
  version: "1.2",
  periodicInformSeconds: 3600,
  connectionRequestUrl: "http://127.0.0.1:7547/r4nd0m",
  connectionRequestUsername: "acs",
  connectionRequestPassword: "secret",
  confirmBy: "acs",
  answerWithinSeconds: 0,
  rateBytesPerSecond: Infinity,
  blockBytes: BLOCK_BYTES,
  chance: createStream(1, "cpe"),
  checkHeader: (bytes) => (bytes.length < 64 ? { kind: "more" } : { kind: "fits", image: "image", targetSha256: "" }),
  ...change,
});

interface Waiting {
  id: number;
  request: CpeRequest;
  answer: TestAnswer | undefined;
  dueNs: number;
  sentBytes: number;
  hasHead: boolean;
}

export class StoreBench<Store extends TestStore> {
  readonly acs = new TestAcs();
  readonly store: Store;
  readonly config: CpeConfig;
  readonly events: CpeEvent[] = [];
  readonly states: UpdateState[] = [];
  readonly requests: CpeRequest[] = [];
  spoil: Spoil = (_request, answer) => answer;
  record: CpeRecord | null = null;
  /** The power goes before a record with this number is kept. */
  persists = 0;
  cutBeforePersist = Infinity;
  /** Records are kept when `keep` is called. */
  keepsLate = false;
  #late: (() => void)[] = [];
  cpe: Cpe;
  nowNs = 0;
  wallSeconds: number | undefined = 1_790_000_000;
  bulkBytes = 0;
  waiting: Waiting[] = [];
  reboots = true;
  #nextNs = 0;
  readonly #sinks: RoadSinks<CpeAction, CpeEvent> = {
    name: "CPE on the bench",
    action: (_nowNs, action) => this.#action(action),
    event: (_nowNs, event) => {
      this.events.push(event);
      if (event.type === "state" && event.state !== this.states.at(-1)) this.states.push(event.state);
    },
  };

  constructor(change: Partial<CpeConfig>, store: Store) {
    this.store = store;
    this.config = cpeConfig(change);
    this.cpe = this.powerOn();
  }

  powerOn(): Cpe {
    this.#late = [];
    const cpe = createCpe(this.config, structuredClone(this.record), this.store.state(), this.nowNs);
    this.cpe = cpe;
    const { wallSeconds } = this;
    cpe.handleWallClock(this.nowNs, wallSeconds === undefined ? undefined : wallSeconds + this.nowNs / second);
    this.settle();
    return cpe;
  }

  /** The power goes, and comes back after some time. */
  cut(offNs = second): void {
    this.waiting = [];
    this.store.cut();
    this.nowNs += offNs;
    this.powerOn();
  }

  reboot(): void {
    this.waiting = [];
    this.store.reboot();
    this.nowNs += BOOT_NS;
    this.powerOn();
  }

  settle(): void {
    this.#nextNs = turnRoad(this.cpe, this.#sinks, this.nowNs);
  }

  #action(action: CpeAction): void {
    switch (action.kind) {
      case "request": {
        this.requests.push(action.request);
        const { id, request } = action;
        if (this.waiting.some((one) => !one.request.isBulk && !request.isBulk && one.request.method === request.method))
          throw new Error("two requests of a session at once");
        const answer = this.spoil(request, this.acs.answer(request));
        this.waiting.push({ id, request, answer, dueNs: this.nowNs + ANSWER_NS, sentBytes: 0, hasHead: false });
        return;
      }
      case "abort":
        this.waiting = this.waiting.filter(({ id }) => id !== action.id);
        return;
      case "store":
        return carryOutStore(
          this.cpe,
          this.store,
          action.command,
          () => this.nowNs,
          () => this.settle(),
        );
      case "persist":
        this.persists += 1;
        if (this.persists === this.cutBeforePersist) throw new RecordCut();
        if (!this.keepsLate) return this.#keep(action.record, action.id);
        this.#late.push(() => this.#keep(action.record, action.id));
        return;
    }
  }

  #keep(record: CpeRecord, id: number): void {
    this.record = structuredClone(record);
    this.cpe.handlePersisted(this.nowNs, id);
  }

  /** What has waited to be kept is. */
  keep(): void {
    this.keepsLate = false;
    for (const keep of this.#late.splice(0)) keep();
    this.settle();
  }

  /** The next thing that happens. @returns false when nothing does before `untilNs` */
  step(untilNs: number): boolean {
    if (this.store.restart !== null && this.reboots) {
      this.reboot();
      return true;
    }
    const next = this.waiting.filter((one) => one.answer !== undefined && this.#mayGo(one));
    next.sort((one, other) => one.dueNs - other.dueNs);
    const due = next[0];
    const atNs = Math.min(due?.dueNs ?? Infinity, this.#nextNs);
    if (atNs > untilNs) return false;
    this.nowNs = Math.max(this.nowNs, atNs);
    if (due !== undefined && due.dueNs <= this.nowNs) this.#deliver(due);
    else this.cpe.handleTimeout(this.nowNs);
    this.settle();
    return true;
  }

  /** A bulk body waits for room. */
  #mayGo({ request, hasHead, dueNs }: Waiting): boolean {
    return !request.isBulk || !hasHead || this.cpe.roomBytes(Math.max(this.nowNs, dueNs)) > 0;
  }

  #deliver(waiting: Waiting): void {
    const { id, answer, request } = waiting;
    if (answer === undefined) return;
    const { status, headers, cookies, body, cutAt = Infinity } = answer;
    if (!waiting.hasHead) {
      waiting.hasHead = true;
      waiting.dueNs = this.nowNs + PIECE_NS;
      return this.cpe.handleResponse(this.nowNs, id, status, headers, cookies);
    }
    const endBytes = Math.min(cutAt, body.length);
    if (waiting.sentBytes >= endBytes) {
      this.waiting = this.waiting.filter((one) => one !== waiting);
      if (cutAt === Infinity) return this.cpe.handleEnd(this.nowNs, id);
      return this.cpe.handleBroken(this.nowNs, id, "connection reset");
    }
    const piece = body.subarray(waiting.sentBytes, Math.min(endBytes, waiting.sentBytes + PIECE_BYTES));
    waiting.sentBytes += piece.length;
    waiting.dueNs = this.nowNs + PIECE_NS;
    if (request.isBulk) this.bulkBytes += piece.length;
    this.cpe.handleBody(this.nowNs, id, piece);
  }

  /** Until something holds, or some time has passed. @returns whether it holds */
  until(holds: () => boolean, withinNs = 3 * 86_400 * second): boolean {
    const endNs = this.nowNs + withinNs;
    for (let steps = 0; !holds(); steps++) {
      if (steps > 200_000) throw new Error("no end of steps");
      if (!this.step(endNs)) {
        this.nowNs = endNs;
        return holds();
      }
    }
    return true;
  }

  untilState(state: UpdateState, withinNs?: number): boolean {
    return this.until(() => this.cpe.snapshot().state === state, withinNs);
  }

  run(ns: number): void {
    this.until(() => false, ns);
  }

  /** Asks for a session, which has to come. */
  call(): void {
    this.cpe.handleConnectionRequest(this.nowNs);
    this.settle();
  }

  /** Nothing is left to tell. */
  get isQuiet(): boolean {
    return this.record?.transfers.length === 0 && !this.cpe.snapshot().inSession;
  }

  get cause(): string {
    return this.cpe.snapshot().cause;
  }
}

export class RecordCut extends Error {}

export class CpeBench extends StoreBench<MemoryStore> {
  readonly image: Uint8Array;
  readonly url: string;

  constructor(change: Partial<CpeConfig> = {}, imageBytes = 300_000) {
    super(change, new MemoryStore(imageOf(testImage(1000, 7), "OLD")));
    this.image = testImage(imageBytes, 5);
    this.url = this.acs.put("image.bin", this.image);
  }

  /** The first session, with nothing to do. */
  booted(): this {
    this.until(() => this.cpe.snapshot().polls > 0);
    return this;
  }

  /** Asks for a download of the image. */
  ask(change: Parameters<typeof download>[1] = {}): void {
    this.acs.tasks.push(download(this.url, change));
    this.call();
  }

  /** Until the ACS has heard how it ended. */
  untilTold(times = 1): boolean {
    return this.until(() => this.acs.completes.length >= times && this.isQuiet);
  }
}

export { answerWith, second };

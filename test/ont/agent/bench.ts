/** An agent on the bench: its time, its depot, its store, its power; and every way in which an answer may go wrong. */
import {
  type Agent,
  type AgentAction,
  type AgentConfig,
  type AgentEvent,
  type AgentRecord,
  type AgentRequest,
  type AgentState,
  createAgent,
  type UserWish,
} from "../../../ont/agent/index.ts";
import { DepotModel, type ModelAnswer } from "../../../ont/agent/virtual/depot-model.ts";
import { type RoadSinks, turnRoad } from "../../../ont/road/index.ts";
import { carryOutStore, type OntImageStore } from "../../../ont/store/index.ts";
import { createStream } from "../../../pon/index.ts";
import { testImage } from "../images.ts";
import { imageOf, MemoryStore, sha256Of } from "./store.ts";

export const second = 1e9;
export const ORIGIN = "https://depot.test:8443";
export const BLOCK_BYTES = 64 * 1024;
const PIECE_BYTES = 16 * 1024;
const ANSWER_NS = 20_000_000;

/** What becomes of an answer on its way; returns undefined for no answer at all. */
export type Spoil = (request: AgentRequest, answer: ModelAnswer) => SpoiltAnswer | undefined;

export interface SpoiltAnswer extends ModelAnswer {
  /** The connection goes when so many bytes have come. */
  cutAt?: number;
  /** It comes in pieces of so many bytes, so far apart. */
  trickle?: { bytes: number; everyNs: number };
}

export const agentConfig = (change: Partial<AgentConfig> = {}): AgentConfig => ({
  device: "ont-1",
  tenant: "DEFAULT",
  origin: ORIGIN,
  headers: { authorization: "TargetToken 42" },
  pollSeconds: 300,
  rateBytesPerSecond: Infinity,
  blockBytes: BLOCK_BYTES,
  chance: createStream(1, "agent"),
  confirmBy: "depot",
  checkHeader: (bytes) => (bytes.length < 64 ? { kind: "more" } : { kind: "fits", image: "image", targetSha256: "" }),
  attributes: () => new Map([["hardware", "HW-1"]]),
  ...change,
});

interface Waiting {
  id: number;
  request: AgentRequest;
  answer: SpoiltAnswer | undefined;
  dueNs: number;
  sentBytes: number;
  hasHead: boolean;
}

/** A store that a test takes the power of. */
export interface TestStore extends OntImageStore {
  /** Restarts that were asked for. */
  restart: "activate" | "rollBack" | null;
  cut(): void;
  reboot(): void;
}

export class StoreBench<Store extends TestStore> {
  readonly image: Uint8Array;
  readonly depot: DepotModel;
  readonly store: Store;
  readonly config: AgentConfig;
  readonly events: AgentEvent[] = [];
  readonly states: AgentState[] = [];
  readonly requests: AgentRequest[] = [];
  spoil: Spoil = (_request, answer) => answer;
  record: AgentRecord | null = null;
  agent: Agent;
  nowNs = 0;
  wallSeconds: number | undefined = 1_790_000_000;
  /** Bytes of the file that came in. */
  bulkBytes = 0;
  waiting: Waiting[] = [];
  /** The restart that was asked for is carried out at once; otherwise `reboot` does it. */
  reboots = true;
  #nextNs = 0;
  readonly #sinks: RoadSinks<AgentAction, AgentEvent> = {
    name: "agent on the bench",
    action: (_nowNs, action) => this.#action(action),
    event: (_nowNs, event) => {
      this.events.push(event);
      if (event.type === "state" && event.state !== this.states.at(-1)) this.states.push(event.state);
    },
  };

  constructor(change: Partial<AgentConfig>, store: Store, image: Uint8Array) {
    this.image = image;
    const sha256 = sha256Of(this.image);
    this.depot = new DepotModel(ORIGIN, [{ filename: "image.bin", bytes: this.image, sha256, version: "V" }]);
    this.store = store;
    this.config = agentConfig(change);
    this.agent = this.#powerOn();
  }

  #powerOn(): Agent {
    const agent = createAgent(this.config, structuredClone(this.record), this.store.state(), this.nowNs);
    this.agent = agent;
    agent.handleWallClock(
      this.nowNs,
      this.wallSeconds === undefined ? undefined : this.wallSeconds + this.nowNs / second,
    );
    this.settle();
    return agent;
  }

  /** The power goes, and comes back after some time. */
  cut(offNs = second): void {
    this.waiting = [];
    this.store.cut();
    this.nowNs += offNs;
    this.#powerOn();
  }

  reboot(): void {
    this.waiting = [];
    this.store.reboot();
    this.nowNs += 30 * second;
    this.#powerOn();
  }

  setWall(wallSeconds: number | undefined): void {
    this.wallSeconds = wallSeconds === undefined ? undefined : wallSeconds - this.nowNs / second;
    this.agent.handleWallClock(this.nowNs, wallSeconds);
    this.settle();
  }

  user(wish: UserWish): void {
    this.agent.handleUser(this.nowNs, wish);
    this.settle();
  }

  settle(): void {
    this.#nextNs = turnRoad(this.agent, this.#sinks, this.nowNs);
  }

  #action(action: AgentAction): void {
    switch (action.kind) {
      case "request": {
        this.requests.push(action.request);
        const answer = this.spoil(action.request, this.depot.answer(action.request));
        const { id, request } = action;
        this.waiting.push({ id, request, answer, dueNs: this.nowNs + ANSWER_NS, sentBytes: 0, hasHead: false });
        return;
      }
      case "abort":
        this.waiting = this.waiting.filter(({ id }) => id !== action.id);
        return;
      case "store":
        return carryOutStore(
          this.agent,
          this.store,
          action.command,
          () => this.nowNs,
          () => this.settle(),
        );
      case "persist":
        this.record = structuredClone(action.record);
        return this.agent.handlePersisted(this.nowNs, action.id);
    }
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
    else this.agent.handleTimeout(this.nowNs);
    this.settle();
    return true;
  }

  /** A bulk body waits for room. */
  #mayGo({ request, hasHead, dueNs }: Waiting): boolean {
    return !request.isBulk || !hasHead || this.agent.roomBytes(Math.max(this.nowNs, dueNs)) > 0;
  }

  #deliver(waiting: Waiting): void {
    const { id, answer, request } = waiting;
    if (answer === undefined) return;
    if (!waiting.hasHead) {
      waiting.hasHead = true;
      waiting.dueNs = this.nowNs + 1_000_000;
      return this.agent.handleResponse(this.nowNs, id, answer.status, answer.headers);
    }
    const endBytes = Math.min(answer.cutAt ?? Infinity, answer.body.length);
    if (waiting.sentBytes >= endBytes) {
      this.waiting = this.waiting.filter((one) => one !== waiting);
      if (answer.cutAt === undefined) return this.agent.handleEnd(this.nowNs, id);
      return this.agent.handleBroken(this.nowNs, id, "connection reset");
    }
    const { bytes, everyNs } = answer.trickle ?? { bytes: PIECE_BYTES, everyNs: 1_000_000 };
    const piece = answer.body.subarray(waiting.sentBytes, Math.min(endBytes, waiting.sentBytes + bytes));
    waiting.sentBytes += piece.length;
    waiting.dueNs = this.nowNs + everyNs;
    if (request.isBulk) this.bulkBytes += piece.length;
    this.agent.handleBody(this.nowNs, id, piece);
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

  untilState(state: AgentState, withinNs?: number): boolean {
    return this.until(() => this.agent.snapshot().state === state, withinNs);
  }

  run(ns: number): void {
    this.until(() => false, ns);
  }

  /** What the depot was told last of the action. */
  get told(): string {
    const feedback = this.depot.deviceOf("ont-1").feedback.at(-1);
    return feedback === undefined ? "" : `${feedback.execution}/${feedback.finished}`;
  }

  /** @returns the last cause that was told with a state */
  get cause(): string {
    return this.agent.snapshot().cause;
  }
}

export class AgentBench extends StoreBench<MemoryStore> {
  constructor(change: Partial<AgentConfig> = {}) {
    super(change, new MemoryStore(imageOf(testImage(1000, 7), "OLD")), testImage(300_000, 5));
  }
}

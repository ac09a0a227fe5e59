/** An agent on the bench: its time, its depot, its store, its power; and every way in which an answer may go wrong. */
import {
  type Agent,
  type AgentConfig,
  type AgentEvent,
  type AgentRecord,
  type AgentRequest,
  createAgent,
  type UserWish,
} from "../../../ont/agent/index.ts";
import { DepotModel, type ModelAnswer } from "../../../ont/agent/virtual/depot-model.ts";
import { createStream } from "../../../pon/index.ts";
import { testImage } from "../images.ts";
import { type BenchAnswer, BLOCK_BYTES, RoadBench, second, type TestStore } from "../road/bench.ts";
import { imageOf, MemoryStore, sha256Of } from "./store.ts";

export { BLOCK_BYTES, second };
export const ORIGIN = "https://depot.test:8443";

/** What becomes of an answer on its way; returns undefined for no answer at all. */
export type Spoil = (request: AgentRequest, answer: ModelAnswer) => BenchAnswer | undefined;

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

export class StoreBench<Store extends TestStore> extends RoadBench<
  AgentRequest,
  AgentRecord,
  AgentEvent,
  Agent,
  Store
> {
  readonly image: Uint8Array;
  readonly depot: DepotModel;
  readonly config: AgentConfig;
  spoil: Spoil = (_request, answer) => answer;

  constructor(change: Partial<AgentConfig>, store: Store, image: Uint8Array) {
    super(store);
    this.image = image;
    const sha256 = sha256Of(this.image);
    this.depot = new DepotModel(ORIGIN, [{ filename: "image.bin", bytes: this.image, sha256, version: "V" }]);
    this.config = agentConfig(change);
    this.powerOn();
  }

  get agent(): Agent {
    return this.core;
  }

  protected override create(record: AgentRecord | null): Agent {
    return createAgent(this.config, record, this.store.state(), this.nowNs);
  }

  protected override answerTo(request: AgentRequest): BenchAnswer | undefined {
    return this.spoil(request, this.depot.answer(request));
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

  /** What the depot was told last of the action. */
  get told(): string {
    const feedback = this.depot.deviceOf("ont-1").feedback.at(-1);
    return feedback === undefined ? "" : `${feedback.execution}/${feedback.finished}`;
  }
}

export class AgentBench extends StoreBench<MemoryStore> {
  constructor(change: Partial<AgentConfig> = {}) {
    super(change, new MemoryStore(imageOf(testImage(1000, 7), "OLD")), testImage(300_000, 5));
  }
}

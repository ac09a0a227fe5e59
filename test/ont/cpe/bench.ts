/** A CPE on the bench: its time, its ACS and file server, its store, its power; and every way in which an answer may go wrong. */
import {
  type Cpe,
  type CpeConfig,
  type CpeEvent,
  type CpeRecord,
  type CpeRequest,
  createCpe,
} from "../../../ont/cpe/index.ts";
import { createStream } from "../../../pon/index.ts";
import { imageOf, MemoryStore } from "../agent/store.ts";
import { testImage } from "../images.ts";
import { type BenchAnswer, BLOCK_BYTES, RecordCut, RoadBench, second, type TestStore } from "../road/bench.ts";
import { ACS_URL, answerWith, download, TestAcs, type TestAnswer } from "./acs.ts";

/** What becomes of an answer on its way; returns undefined for no answer at all. */
export type Spoil = (request: CpeRequest, answer: TestAnswer) => BenchAnswer | undefined;

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

export class StoreBench<Store extends TestStore> extends RoadBench<CpeRequest, CpeRecord, CpeEvent, Cpe, Store> {
  readonly acs = new TestAcs();
  readonly config: CpeConfig;
  spoil: Spoil = (_request, answer) => answer;

  constructor(change: Partial<CpeConfig>, store: Store) {
    super(store);
    this.config = cpeConfig(change);
    this.powerOn();
  }

  get cpe(): Cpe {
    return this.core;
  }

  protected override create(record: CpeRecord | null): Cpe {
    return createCpe(this.config, record, this.store.state(), this.nowNs);
  }

  protected override answerTo(request: CpeRequest): BenchAnswer | undefined {
    if (!request.isBulk && this.waiting.some((one) => !one.request.isBulk && one.request.method === request.method))
      throw new Error("two requests of a session at once");
    return this.spoil(request, this.acs.answer(request));
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
}

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

export { answerWith, RecordCut, second };

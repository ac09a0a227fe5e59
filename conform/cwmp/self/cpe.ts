/** Our own CPE in virtual time, with the ONT below it: a new one for each case, the same to the bit in every run. */
import { setImmediate } from "node:timers/promises";
import {
  type Cpe,
  type CpeAction,
  type CpeConfig,
  cpeConfigOf,
  type CpeEvent,
  type CpeRecord,
  createCpe,
} from "../../../ont/cpe/index.ts";
import { type RoadSinks, turnRoad } from "../../../ont/road/index.ts";
import { carryOutStore } from "../../../ont/store/index.ts";
import { createStream } from "../../../pon/index.ts";
import type { CpeWay, CwmpTarget, HttpAnswer, HttpAsk, TesterCredentials, TesterRequest } from "../core/types.ts";
import { DOOR_URL, SelfDoor } from "./door.ts";
import { HARDWARE, PRODUCT_CODE, type SelfCwmpImages, SelfOnt } from "./ont.ts";
import type { CpeFlaw } from "./flaw.ts";
import { SelfNetwork } from "./network.ts";

const NS_PER_MS = 1e6;
const NS_PER_SECOND = 1e9;
export const SELF_ORIGIN = "http://192.0.2.1:7549";
const REVOKED_ORIGIN = "https://192.0.2.1:7550";
const DEAD_ORIGIN = "http://192.0.2.1:9";
/** 2026-01-01. */
const EPOCH_MS = 1_767_225_600_000;
const RATE_BYTES_PER_SECOND = 30_000;
const BLOCK_BYTES = 16 * 1024;
const POWER_OFF_NS = NS_PER_SECOND;
const REQUEST_NS = 10 * NS_PER_MS;
/** What it shows its ACS. */
export const SELF_PASSWORD: TesterCredentials = { username: "cpe", password: "secret" };

export function selfCpeTarget(images: SelfCwmpImages, flaw: CpeFlaw): CwmpTarget<CpeWay> {
  return {
    name: flaw.name === "reference" ? "self" : `self (${flaw.name})`,
    isFreshEachCase: true,
    open: async () => {
      // Virtual time never waits: without this, Ctrl-C would not be heard before the last case.
      await setImmediate();
      return new SelfCpe(images, flaw);
    },
  };
}

class SelfCpe implements CpeWay, RoadSinks<CpeAction, CpeEvent> {
  readonly name = "self";
  readonly timeScale = 1;
  readonly epochMs = EPOCH_MS;
  readonly origin = SELF_ORIGIN;
  readonly revokedOrigin = REVOKED_ORIGIN;
  readonly deadOrigin = DEAD_ORIGIN;
  onAsk: (ask: HttpAsk) => void = () => undefined;
  readonly #flaw: CpeFlaw;
  readonly #config: CpeConfig;
  readonly #ont: SelfOnt;
  readonly #door: SelfDoor;
  readonly #network: SelfNetwork;
  #record: CpeRecord | null = null;
  #cpe: Cpe | undefined;
  #nowNs = 0;
  #nextNs = Infinity;
  #boots = false;
  #goesDown = false;
  #asks = 0;

  constructor(images: SelfCwmpImages, flaw: CpeFlaw) {
    this.#flaw = flaw;
    const trustedKeys = [...images.trustedKeys, ...(flaw.trustsStrangers === true ? images.strangers : [])];
    const facts = {
      deviceId: { manufacturer: "PONCAST", oui: "00D09E", productClass: PRODUCT_CODE, serialNumber: "PCST00000001" },
      trustedKeys,
      productCode: PRODUCT_CODE,
      hardwareVersion: HARDWARE,
      informSeconds: 86_400,
      version: "1.2" as const,
      acsUsername: SELF_PASSWORD.username,
      acsPassword: SELF_PASSWORD.password,
      connectionRequestUsername: "",
      connectionRequestPassword: "",
    };
    const config = cpeConfigOf(facts, `${SELF_ORIGIN}/acs`, DOOR_URL, createStream(1, "cpe"));
    // Slow enough that the power can go in the middle of a file.
    this.#config = { ...config, rateBytesPerSecond: RATE_BYTES_PER_SECOND, blockBytes: BLOCK_BYTES };
    this.#door = new SelfDoor(flaw.door ?? {});
    this.#network = new SelfNetwork(flaw, {
      cpe: () => this.#cpe,
      ask: (ask) => {
        this.#asks += 1;
        this.onAsk(ask);
      },
      settle: () => this.#settle(),
      isRevoked: (url) => url.startsWith(REVOKED_ORIGIN),
      isThere: (url) => url.startsWith(SELF_ORIGIN),
    });
    this.#ont = new SelfOnt(images, trustedKeys, {
      online: () => (this.#boots = true),
      offline: () => (this.#goesDown = true),
    });
  }

  nowNs(): number {
    return this.#nowNs;
  }

  /** Until the CPE has asked for something, or the time is there. */
  wait(deadlineNs: number): Promise<void> {
    const before = this.#asks;
    while (this.#asks === before && this.#nowNs < deadlineNs) this.#step(deadlineNs);
    return Promise.resolve();
  }

  request(request: TesterRequest): Promise<HttpAnswer> {
    this.#passTo(this.#nowNs + REQUEST_NS);
    const answer = this.#door.answer(this.#cpe, request, this.#nowNs);
    this.#settle();
    return Promise.resolve(answer);
  }

  powerCycle(): Promise<void> {
    this.#powerOff();
    this.#nowNs += POWER_OFF_NS;
    if (this.#flaw.forgetsAtPowerCut === true && this.#record !== null)
      this.#record = { ...this.#record, transfers: [], events: [] };
    this.#ont.powerCycle(this.#nowNs);
    this.#follow();
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#powerOff();
    this.onAsk = () => undefined;
    return Promise.resolve();
  }

  #powerOff(): void {
    this.#cpe = undefined;
    this.#nextNs = Infinity;
    this.#boots = false;
    this.#goesDown = false;
    this.#network.clear();
  }

  #passTo(nowNs: number): void {
    while (this.#nowNs < nowNs) this.#step(nowNs);
  }

  #step(deadlineNs: number): void {
    const nextNs = Math.min(this.#nextNs, this.#ont.nextNs, this.#network.nextNs);
    this.#nowNs = Math.max(this.#nowNs, Math.min(deadlineNs, nextNs));
    if (this.#ont.nextNs <= this.#nowNs) this.#ont.advance(this.#nowNs);
    if (this.#network.nextNs <= this.#nowNs) this.#network.advance(this.#nowNs);
    if (this.#nextNs <= this.#nowNs) this.#cpe?.handleTimeout(this.#nowNs);
    this.#follow();
  }

  /** What the ONT did. */
  #follow(): void {
    if (this.#goesDown) {
      this.#goesDown = false;
      this.#cpe = undefined;
      this.#network.clear();
    }
    if (this.#boots) {
      this.#boots = false;
      this.#cpe = createCpe(this.#config, structuredClone(this.#record), this.#ont.store.state(), this.#nowNs);
      this.#cpe.handleWallClock(this.#nowNs, EPOCH_MS / 1000 + this.#nowNs / NS_PER_SECOND);
    }
    this.#settle();
  }

  #settle(): void {
    this.#nextNs = this.#cpe === undefined ? Infinity : turnRoad(this.#cpe, this, this.#nowNs);
  }

  action(nowNs: number, action: CpeAction): void {
    const cpe = this.#cpe;
    switch (action.kind) {
      case "request":
        return this.#network.send(nowNs, action.id, action.request);
      case "abort":
        return this.#network.abort(action.id);
      case "store":
        if (cpe !== undefined)
          carryOutStore(
            { handleStored: (atNs, finding) => this.#cpe === cpe && cpe.handleStored(atNs, finding) },
            this.#ont.store,
            action.command,
            () => this.#nowNs,
            () => undefined,
          );
        return;
      case "persist":
        this.#record = structuredClone(action.record);
        return cpe?.handlePersisted(nowNs, action.id);
    }
  }

  event(): void {}
}

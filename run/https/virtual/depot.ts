/** The depot in virtual time: its own core answers, with nothing of a network. */
import { createHash } from "node:crypto";
import {
  type DdiReading,
  readDdiConfigData,
  readDdiFeedback,
  readDdiPath,
  writeDdiCancel,
  writeDdiDeployment,
  writeDdiPoll,
} from "../../../base/ddi/index.ts";
import {
  Depot,
  type DepotArtifact,
  type DepotConfig,
  moduleOf,
  type Reply,
} from "../../../headend/depot/core/index.ts";
import { headerOf } from "../../../image/index.ts";
import { type FleetDepot, type ModelAnswer, rangeOf } from "../../../ont/agent/virtual/index.ts";
import type { OntPlan } from "../../fleet/plan.ts";
import type { RunPayload } from "../../images/index.ts";
import type { VirtualHeadend } from "../../pull/virtual/road.ts";

const NOTHING = new Uint8Array(0);
const encoder = new TextEncoder();
const refusal = (status: number): ModelAnswer => ({ status, headers: {}, body: NOTHING });

interface Offered {
  artifact: DepotArtifact;
  bytes: Uint8Array;
}

export class VirtualDepot implements FleetDepot, VirtualHeadend {
  readonly name = "the depot";
  readonly asksAgain = false;
  readonly origin = "https://depot.test";
  readonly #depot: Depot;
  readonly #files: readonly Offered[];
  readonly #nowMs: () => number;
  readonly #pollSeconds: number;
  #isDown = false;

  constructor(config: DepotConfig, payloads: readonly RunPayload[], nowMs: () => number) {
    this.#files = payloads.map((payload, number) => ({
      artifact: artifactOf(payload, number),
      bytes: payload.content,
    }));
    this.#depot = new Depot(
      config,
      this.#files.map(({ artifact }) => artifact),
    );
    this.#nowMs = nowMs;
    this.#pollSeconds = config.pollSeconds;
  }

  get isDown(): boolean {
    return this.#isDown;
  }

  setDown(isDown: boolean): void {
    this.#isDown = isDown;
  }

  deviceOf({ serial }: OntPlan): string {
    return serial;
  }

  setPaused(isPaused: boolean): void {
    this.#depot.setPaused(isPaused);
  }

  leaveOut(device?: string): void {
    this.#depot.leaveOut(device);
  }

  /** See `Depot`. */
  release(device: string): void {
    this.#depot.release(device);
  }

  hold(device: string): void {
    this.#depot.hold(device);
  }

  isAtWork(device: string): boolean {
    return this.#depot.isAtWork(device);
  }

  answer({ path, headers, body = "" }: Parameters<FleetDepot["answer"]>[0]): ModelAnswer | undefined {
    if (this.#isDown) return undefined;
    const answer = this.#answer(path, headers, body);
    // What it keeps has gone into its log before it answers.
    while (this.#depot.pollEvent() !== undefined);
    return answer;
  }

  #answer(path: string, headers: Parameters<typeof rangeOf>[1], body: string): ModelAnswer {
    const address = readDdiPath(path);
    if (address === undefined) return refusal(404);
    const { device, place } = address;
    const [depot, nowMs] = [this.#depot, this.#nowMs()];
    switch (place.kind) {
      case "poll":
        return replied(depot.handlePoll(nowMs, device, this.origin), writeDdiPoll);
      case "deployment":
        return replied(depot.handleDeployment(nowMs, device, place.action, this.origin), writeDdiDeployment);
      case "cancel":
        return replied(depot.handleCancel(device, place.action), writeDdiCancel);
      case "configData":
        return told(readDdiConfigData(encoder.encode(body)), (data) => depot.handleConfigData(device, data));
      case "deploymentFeedback":
      case "cancelFeedback": {
        const handle = place.kind === "cancelFeedback" ? "handleCancelFeedback" : "handleFeedback";
        return told(readDdiFeedback(encoder.encode(body)), (feedback) => depot[handle](device, place.action, feedback));
      }
      case "artifact": {
        if (depot.isPaused) return { ...refusal(503), headers: { "retry-after": `${this.#pollSeconds}` } };
        const file = this.#files.find(({ artifact }) => moduleOf(artifact) === place.module);
        return file === undefined
          ? refusal(404)
          : rangeOf({ bytes: file.bytes, sha256: file.artifact.hashes.sha256 }, headers);
      }
      case "installed":
        return refusal(404);
    }
  }
}

function replied<Body>(reply: Reply<Body>, write?: (body: Body) => string): ModelAnswer {
  if (reply.kind !== "ok") return refusal(reply.kind === "gone" ? 410 : reply.kind === "full" ? 503 : 404);
  return { status: 200, headers: {}, body: write === undefined ? NOTHING : encoder.encode(write(reply.body)) };
}

const told = <Value>(reading: DdiReading<Value>, handle: (value: Value) => Reply<undefined>): ModelAnswer =>
  reading.ok ? replied(handle(reading.value)) : refusal(400);

/** What a headend knows of a payload. */
export function artifactOf({ content, hardware, kind }: RunPayload, number: number): DepotArtifact {
  const { version, productCode, minimumVersion, delta } = headerOf(content).manifest;
  const digest = (name: string): string => createHash(name).update(content).digest("hex");
  const sha256 = digest("sha256");
  return {
    filename: `${kind}-${number}.bundle`,
    sizeBytes: content.length,
    hashes: { sha256, sha1: digest("sha1"), md5: digest("md5") },
    version,
    kind,
    productCode,
    hardware,
    minimumVersion,
    // Virtual time has no date.
    expiresMs: 0,
    targetSha256: delta?.targetSha256 ?? sha256,
    ...(delta && { baseSha256: delta.baseSha256 }),
  };
}

/** The books of the ACS: what each device is asked to do, and what became of it, by what the device says. */
import type { CwmpEnvelope, CwmpMessageOf, CwmpRequestOf } from "../../../cwmp/index.ts";
import { CWMP_EVENTS } from "../../../cwmp/index.ts";
import { type DepotArtifact, type Offer } from "../../depot/core/index.ts";
import { deviceName, factsOf } from "./device.ts";
import { AcsLedger } from "./ledger.ts";
import { faultDetail, isTransfer, taskOfKey } from "./requests.ts";
import { stateOf } from "./status.ts";
import type {
  AcsConfig,
  AcsCredentials,
  AcsDevice,
  AcsDeviceStatus,
  AcsEvent,
  AcsRequest,
  AcsSecrets,
  AcsSnapshot,
  AcsTask,
} from "./types.ts";
import { isTooLate, isUpdate, offerOf, openUpdate, runs, whyNot } from "./updates.ts";

const DEVICES_MAX = 100_000;
const TASKS_MAX = 64;
const MS_PER_SECOND = 1_000;
const DAY_SECONDS = 86_400;

/** A session of a device, as far as the books need it. */
interface Abandoned {
  abandon(): void;
}

export class AcsBooks {
  readonly config: AcsConfig;
  readonly artifacts: readonly DepotArtifact[];
  readonly secrets: AcsSecrets;
  readonly #ledger = new AcsLedger();
  readonly #events: AcsEvent[] = [];
  /** When each device informed last; since this server started. */
  readonly #informedMs = new Map<string, number>();
  /** The session that a device has now; an older one is worth nothing. */
  readonly #sessions = new Map<string, Abandoned>();

  constructor(config: AcsConfig, artifacts: readonly DepotArtifact[], secrets: AcsSecrets) {
    this.config = config;
    this.artifacts = artifacts;
    this.secrets = secrets;
  }

  get isPaused(): boolean {
    return this.#ledger.isPaused;
  }

  /** What has to be kept before the answer goes out that it led to; in order. */
  pollEvent(): AcsEvent | undefined {
    return this.#events.shift();
  }

  snapshot(): AcsSnapshot {
    return this.#ledger.snapshot();
  }

  /** Begins with what was kept: a snapshot, then the events since. */
  restore(snapshot: AcsSnapshot | undefined, events: Iterable<AcsEvent>): void {
    if (snapshot !== undefined) this.#ledger.restore(snapshot);
    for (const event of events) this.#ledger.apply(event);
  }

  setPaused(isPaused: boolean): void {
    if (isPaused !== this.isPaused) this.record({ type: "paused", isPaused });
  }

  /** With `byRelease`: the device may have what there is for it, from its next session on. */
  release(device: string): void {
    this.record({ type: "released", device, isReleased: true });
  }

  /** And no more: what it is at is canceled, unless it is too late for that. */
  hold(device: string): void {
    if (this.#ledger.isReleased(device)) this.record({ type: "released", device, isReleased: false });
  }

  /** By an operator, for good: what it is at is canceled, unless it is too late for that. @param device absent: all */
  leaveOut(device?: string): void {
    this.record({ type: "leftOut", ...(device !== undefined && { device }) });
  }

  /** Whether it is at an update that has not ended. */
  isAtWork(id: string): boolean {
    const device = this.device(id);
    return device !== undefined && openUpdate(device) !== undefined;
  }

  device(id: string): AcsDevice | undefined {
    return this.#ledger.device(id);
  }

  /** @returns its number, or why there is none */
  addTask(id: string, request: AcsRequest): number | "notFound" | "full" {
    const device = this.device(id);
    if (device === undefined) return "notFound";
    if (device.tasks.filter(({ state }) => state !== "ended").length >= TASKS_MAX) return "full";
    return this.#order(id, { kind: "request", request });
  }

  /** Where a device takes connection requests, and what is to be shown there; undefined: it has not said where. */
  connectionRequestOf(id: string): ({ url: string } & AcsCredentials) | undefined {
    const url = this.device(id)?.facts.connectionRequestUrl ?? "";
    return url === "" ? undefined : { url, ...this.secrets.connectionRequest(id) };
  }

  /** Ends what nobody has said anything of for too long. */
  handleTimeout(nowMs: number): void {
    for (const task of this.#ledger.openTasks()) if (this.#deadlineMs(task) <= nowMs) this.#endUnheard(task);
  }

  /** Milliseconds since 1970, or Infinity. */
  nextTimeoutMs(): number {
    let nextMs = Infinity;
    for (const task of this.#ledger.openTasks()) nextMs = Math.min(nextMs, this.#deadlineMs(task));
    return nextMs;
  }

  /** All devices, with why each does what it does; for people and metrics. */
  *statuses(nowMs: number): Generator<AcsDeviceStatus> {
    const around = { nowMs, artifacts: this.artifacts, config: this.config, isPaused: this.isPaused };
    for (const device of this.#ledger.devices()) {
      const whyHeld = this.#whyHeld(device);
      const task = device.tasks.find(({ state }) => state !== "ended") ?? device.tasks.at(-1);
      const lastInformMs = this.#informedMs.get(device.id);
      yield {
        device: device.id,
        ...stateOf(device, { ...around, whyHeld }),
        version: device.facts.version,
        ...(task && { task: task.id, taskState: task.state }),
        ...(lastInformMs !== undefined && { lastInformMs }),
        connectionRequestUrl: device.facts.connectionRequestUrl,
      };
    }
  }

  // What sessions ask of it.

  /** A session begins. @returns the device; undefined: there are too many */
  informed(
    nowMs: number,
    session: Abandoned,
    envelope: CwmpEnvelope & { message: CwmpMessageOf<"Inform"> },
  ): AcsDevice | undefined {
    const { deviceId, events } = envelope.message;
    const id = deviceName(deviceId);
    const before = this.device(id);
    if (before === undefined) {
      if (this.#ledger.deviceCount >= (this.config.devicesMax ?? DEVICES_MAX)) return undefined;
      this.record({ type: "device", device: id, deviceId });
      for (const request of this.config.firstTasks ?? []) this.#order(id, { kind: "request", request });
    }
    const facts = factsOf(envelope, before?.facts);
    if (JSON.stringify(facts) !== JSON.stringify(before?.facts)) this.record({ type: "facts", device: id, facts });
    const device = this.device(id)!;
    this.#informedMs.set(id, nowMs);
    this.#sessions.get(id)?.abandon();
    this.#sessions.set(id, session);
    const has = (code: string, key?: string): boolean =>
      events.some(({ eventCode, commandKey }) => eventCode === code && (key === undefined || commandKey === key));
    if (has(CWMP_EVENTS.bootstrap) && device.isProvisioned)
      this.record({ type: "provisioned", device: id, isDone: false });
    this.handleTimeout(nowMs);
    this.#judgeByInform(device, envelope.message, has(CWMP_EVENTS.boot));
    return device;
  }

  /** It was told that the transfer is over; what it says the second time is known already. */
  transferComplete(device: AcsDevice, { commandKey, fault }: CwmpRequestOf<"TransferComplete">): void {
    const id = taskOfKey(commandKey);
    const task = device.tasks.find((each) => each.id === id);
    if (task === undefined || task.state === "ended" || !isTransfer(task)) return;
    const { faultCode, faultString } = fault;
    if (faultCode !== 0) return this.end(task, "failure", faultCode, faultDetail(faultCode, faultString));
    if (!isUpdate(task)) return this.end(task, "success", 0, "transferred");
    if (runs(device, task) === "target") return this.#endAsRunning(device, task);
    if (task.state !== "transferred") this.record({ type: "transferred", id: task.id });
  }

  /** It is asked which image runs, and has said it. */
  hashTold(device: AcsDevice, imageSha256: string | undefined): void {
    if (imageSha256 === undefined) this.record({ type: "refuses", device: device.id, what: "hash" });
    else this.record({ type: "facts", device: device.id, facts: { ...device.facts, imageSha256 } });
    const open = openUpdate(device);
    if (open?.state === "transferred" && runs(device, open) === "target") this.#endAsRunning(device, open);
  }

  /** Its open update, or a new one where there is something for it. */
  updateFor(nowMs: number, device: AcsDevice): AcsTask | undefined {
    const open = openUpdate(device);
    if (open !== undefined) return open;
    if (this.isPaused || this.#whyHeld(device) !== "") return undefined;
    const offer = this.offer(nowMs, device);
    if (offer.kind === "none" || isTooLate(nowMs, this.config)) return undefined;
    const { targetSha256: target, version } = offer.target;
    if (whyNot(device, target) !== undefined) return undefined;
    this.#order(device.id, { kind: "update", target, version, fromVersion: device.facts.version });
    return openUpdate(device);
  }

  /** Why the update that it is at is to be left; empty: it goes on. */
  whyLeave(nowMs: number, device: AcsDevice, target: string): string {
    return this.#whyHeld(device) || (this.#isOutdone(nowMs, device, target) ? "something newer is there for it" : "");
  }

  #whyHeld({ id }: AcsDevice): string {
    return this.#ledger.whyHeld(id, this.config.byRelease);
  }

  /** What it is to be brought to is not wanted any more, or something newer is. */
  #isOutdone(nowMs: number, device: AcsDevice, target: string): boolean {
    const isThere = this.artifacts.some(
      ({ kind, targetSha256, expiresMs }) =>
        kind !== "delta" && targetSha256 === target && (expiresMs === 0 || nowMs < expiresMs),
    );
    const offer = this.offer(nowMs, device);
    return !isThere || (offer.kind === "artifact" && offer.target.targetSha256 !== target);
  }

  offer(nowMs: number, device: AcsDevice): Offer {
    return offerOf(device, this.artifacts, nowMs, this.config);
  }

  record(event: AcsEvent): void {
    this.#ledger.apply(event);
    this.#events.push(event);
  }

  end(task: AcsTask, as: "success" | "failure" | "canceled", code: number, detail: string): void {
    this.record({ type: "ended", id: task.id, device: task.device, as, code, detail });
  }

  sessionEnded(session: Abandoned, device: string): void {
    if (this.#sessions.get(device) === session) this.#sessions.delete(device);
  }

  #order(device: string, order: AcsTask["order"]): number {
    const id = this.#ledger.nextTask;
    this.record({ type: "task", id, device, order });
    return id;
  }

  /** An Inform says which version runs, whether it has restarted, and of which RPCs it has news. */
  #judgeByInform(device: AcsDevice, { events }: CwmpMessageOf<"Inform">, hasBooted: boolean): void {
    const keys = new Map(events.map(({ eventCode, commandKey }) => [commandKey, eventCode]));
    for (const task of device.tasks.filter(({ state }) => state !== "ended")) {
      const event = keys.get(`poncast-${task.id}`);
      if (task.order.kind === "request") {
        if (event === CWMP_EVENTS.methodReboot && task.state === "asked") this.end(task, "success", 0, "has restarted");
        continue;
      }
      // Of this one TransferComplete will tell in this session.
      if (event !== undefined || task.state === "queued" || !isUpdate(task)) continue;
      const running = runs(device, task);
      // A device that has not said that its transfer is over may be trying the new version, and go back.
      if (task.state !== "transferred") continue;
      if (running === "target") this.#endAsRunning(device, task);
      else if (running === "other" && hasBooted)
        this.end(task, "failure", 0, `has restarted, and runs ${device.facts.version}`);
    }
  }

  #endUnheard(task: AcsTask): void {
    const device = this.device(task.device);
    if (device !== undefined && isUpdate(task) && runs(device, task) === "target") this.#endAsRunning(device, task);
    else this.end(task, "failure", 0, `nothing was heard of it for ${this.#transferSeconds} s`);
  }

  /** It was asked whether it knows of a transfer, and does not. */
  transferUnknown(device: AcsDevice, task: AcsTask): void {
    if (isUpdate(task) && runs(device, task) === "target") this.#endAsRunning(device, task);
    else this.record({ type: "notAsked", id: task.id });
  }

  #endAsRunning({ facts }: AcsDevice, task: AcsTask): void {
    this.end(task, "success", 0, `runs ${facts.version}`);
  }

  get #transferSeconds(): number {
    return this.config.transferSeconds ?? DAY_SECONDS;
  }

  /** Of transfers: other requests are asked again at the next session. A window may be a day away. */
  #deadlineMs(task: AcsTask): number {
    if (task.state === "queued" || !isTransfer(task)) return Infinity;
    const waitSeconds = this.config.window === undefined ? 0 : DAY_SECONDS;
    return task.askedMs + (this.#transferSeconds + waitSeconds) * MS_PER_SECOND;
  }
}

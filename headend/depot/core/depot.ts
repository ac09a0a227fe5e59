/** The depot without its server: what each device is answered, by what it said and what there is to hand out. */
import {
  DDI_ATTRIBUTES_MAX,
  type DdiCancel,
  type DdiConfigData,
  type DdiDeployment,
  type DdiFeedback,
  type DdiPlace,
  type DdiPoll,
  DEVICE_ATTRIBUTES,
  ddiPath,
} from "../../../base/ddi/index.ts";
import { windowAt, type WindowState } from "../../../base/maintenance/index.ts";
import { offerFor } from "./choice.ts";
import { deploymentOf, endOf, moduleOf } from "./deployment.ts";
import { Ledger } from "./ledger.ts";
import type {
  DepotAction,
  DepotArtifact,
  DepotConfig,
  DepotDevice,
  DepotEvent,
  DepotSnapshot,
  DeviceStatus,
  Offer,
} from "./types.ts";

const DEVICES_MAX = 100_000;
const MS_PER_SECOND = 1_000;

/** What became of a request: answered, for nobody, too late. */
export type Reply<Body> = { kind: "ok"; body: Body } | { kind: "notFound" | "gone" | "full" };

export class Depot {
  readonly #config: DepotConfig;
  readonly #artifacts: readonly DepotArtifact[];
  readonly #ledger = new Ledger();
  readonly #events: DepotEvent[] = [];
  /** When each device polled last; since this server started. */
  readonly #polledMs = new Map<string, number>();

  constructor(config: DepotConfig, artifacts: readonly DepotArtifact[]) {
    this.#config = config;
    this.#artifacts = artifacts;
  }

  get isPaused(): boolean {
    return this.#ledger.isPaused;
  }

  /** What has to be kept before the answer goes out that it led to; in order. */
  pollEvent(): DepotEvent | undefined {
    return this.#events.shift();
  }

  snapshot(): DepotSnapshot {
    return this.#ledger.snapshot();
  }

  /** Begins with what was kept: a snapshot, then the events since. */
  restore(snapshot: DepotSnapshot | undefined, events: Iterable<DepotEvent>): void {
    if (snapshot !== undefined) this.#ledger.restore(snapshot);
    for (const event of events) this.#ledger.apply(event);
  }

  setPaused(isPaused: boolean): void {
    if (isPaused !== this.isPaused) this.#record({ type: "paused", isPaused });
  }

  /** With `byRelease`: the device may have what there is for it, from its next poll on. */
  release(device: string): void {
    this.#record({ type: "released", device, isReleased: true });
  }

  /** And no more: what it is at is canceled, unless it is too late for that. */
  hold(device: string): void {
    if (this.#ledger.isReleased(device)) this.#record({ type: "released", device, isReleased: false });
  }

  /** By an operator, for good: what it is at is canceled, unless it is too late for that. @param device absent: all */
  leaveOut(device?: string): void {
    this.#record({ type: "leftOut", ...(device !== undefined && { device }) });
  }

  /** Whether it is at something that has not ended. */
  isAtWork(id: string): boolean {
    const action = this.#ledger.device(id)?.action;
    return action !== undefined && action.ended === undefined;
  }

  /** @param origin where the device reaches this server, such as `https://127.0.0.1:8443` */
  handlePoll(nowMs: number, id: string, origin: string): Reply<DdiPoll> {
    const { pollSeconds: sleepSeconds, devicesMax = DEVICES_MAX } = this.#config;
    if (this.#ledger.device(id) === undefined) {
      if (this.#ledger.deviceCount >= devicesMax) return { kind: "full" };
      this.#record({ type: "device", device: id });
    }
    const device = this.#ledger.device(id)!;
    this.#polledMs.set(id, nowMs);
    const href = (place: DdiPlace): string => this.#href(origin, id, place);
    const action = this.#actionFor(nowMs, device);
    const links: DdiPoll["links"] = {};
    if (device.needsAttributes) links.configData = href({ kind: "configData" });
    if (action?.isCanceling) links.cancelAction = href({ kind: "cancel", action: `${action.id}` });
    // What a device is at goes on later; nothing is begun.
    else if (action !== undefined && (!this.isPaused || action.execution !== "pending")) {
      const tag = this.#tagOf(nowMs, device, action);
      links.deploymentBase = `${href({ kind: "deployment", action: `${action.id}` })}?c=${tag}`;
    }
    return { kind: "ok", body: { sleepSeconds, links } };
  }

  handleDeployment(nowMs: number, id: string, actionId: string, origin: string): Reply<DdiDeployment> {
    const [device, action] = this.#find(id, actionId);
    if (device === undefined || action === undefined) return { kind: "notFound" };
    const artifact = this.#artifactFor(nowMs, device, action);
    if (artifact === undefined || action.ended === "canceled") return { kind: "gone" };
    const window = this.#window(nowMs);
    const { rule = "" } = this.#config.window ?? {};
    const isAllowed = window?.isOpen !== false && !this.isPaused;
    const isDelta = artifact.kind === "delta";
    if (action.ended === undefined && (action.isDelta !== isDelta || action.isAllowed !== isAllowed))
      this.#record({ type: "offered", id: action.id, isDelta, isAllowed });
    const href = this.#href(origin, id, {
      kind: "artifact",
      module: moduleOf(artifact),
      filename: artifact.filename,
    });
    return { kind: "ok", body: deploymentOf(action.id, artifact, href, window && { ...window, rule }, this.isPaused) };
  }

  handleCancel(id: string, actionId: string): Reply<DdiCancel> {
    const [, action] = this.#find(id, actionId);
    if (action === undefined) return { kind: "notFound" };
    if (action.ended !== undefined || !action.isCanceling) return { kind: "gone" };
    return { kind: "ok", body: { id: actionId, stopId: actionId } };
  }

  handleCancelFeedback(id: string, actionId: string, feedback: DdiFeedback): Reply<undefined> {
    const [device, action] = this.#find(id, actionId);
    if (device === undefined || action === undefined) return { kind: "notFound" };
    if (action.ended !== undefined) return { kind: "gone" };
    if (feedback.execution === "closed" && feedback.finished !== "failure")
      this.#end(device, action, "canceled", feedback);
    else this.#keep(action, feedback);
    return { kind: "ok", body: undefined };
  }

  /** An action ends with `closed`, and with nothing else. */
  handleFeedback(id: string, actionId: string, feedback: DdiFeedback): Reply<undefined> {
    const [device, action] = this.#find(id, actionId);
    if (device === undefined || action === undefined) return { kind: "notFound" };
    if (action.ended !== undefined) return { kind: "gone" };
    const end = endOf(device, action, feedback);
    if (end === undefined) this.#keep(action, feedback);
    else this.#end(device, action, end, feedback);
    return { kind: "ok", body: undefined };
  }

  handleConfigData(id: string, { mode, data }: DdiConfigData): Reply<undefined> {
    const device = this.#ledger.device(id);
    if (device === undefined) return { kind: "notFound" };
    const attributes = new Map(mode === "replace" ? [] : device.attributes);
    for (const [key, value] of data) {
      if (mode === "remove") attributes.delete(key);
      else if (attributes.has(key) || attributes.size < DDI_ATTRIBUTES_MAX) attributes.set(key, value);
    }
    this.#record({ type: "attributes", device: id, attributes: Object.fromEntries(attributes) });
    return { kind: "ok", body: undefined };
  }

  /** All devices, with why each does what it does; for people and metrics. */
  *statuses(nowMs: number): Generator<DeviceStatus> {
    for (const device of this.#ledger.devices()) {
      const { action } = device;
      const polledMs = this.#polledMs.get(device.id);
      yield {
        device: device.id,
        ...this.#stateOf(nowMs, device),
        ...(action && { action: action.id, execution: action.execution }),
        version: device.attributes.get(DEVICE_ATTRIBUTES.version) ?? "",
        ...(polledMs !== undefined && {
          lastPollMs: polledMs,
          nextPollMs: polledMs + this.#config.pollSeconds * MS_PER_SECOND,
        }),
      };
    }
  }

  #stateOf(nowMs: number, device: DepotDevice): Pick<DeviceStatus, "state" | "why"> {
    const { action, attributes, needsAttributes } = device;
    const said = action?.detail ?? "";
    const runs = attributes.get(DEVICE_ATTRIBUTES.imageSha256);
    if (action?.ended === "success" && !needsAttributes && runs !== undefined && runs !== action.target)
      return { state: "failed", why: "it said that it was done, but runs another image" };
    if (action?.ended === "success" && this.#isTarget(nowMs, device, action)) return { state: "upToDate", why: said };
    if (action?.ended === "failure" && this.#isTarget(nowMs, device, action)) return { state: "failed", why: said };
    if (action !== undefined && action.ended === undefined) {
      if (this.isPaused) return { state: "waiting", why: "the depot is paused" };
      const window = this.#window(nowMs);
      if (window?.isOpen === false && !action.wasAllowed)
        return { state: "waiting", why: `its window opens ${new Date(window.opensMs).toISOString()}` };
      return { state: "pending", why: said || `${action.execution}` };
    }
    const held = this.#ledger.whyHeld(device.id, this.#config.byRelease);
    if (held !== "") return { state: "idle", why: held };
    const offer = this.#offer(nowMs, device);
    if (offer.kind === "artifact") return { state: "idle", why: "it has not polled since there is something for it" };
    return { state: offer.isDone ? "upToDate" : "idle", why: offer.why };
  }

  /** What it is to do now: what it is at, or a new action where there is something for it. */
  #actionFor(nowMs: number, device: DepotDevice): DepotAction | undefined {
    const { action } = device;
    const offer = this.#offer(nowMs, device);
    const isHeld = this.#ledger.whyHeld(device.id, this.#config.byRelease) !== "";
    if (action !== undefined && action.ended === undefined) {
      const isWanted = !isHeld && this.#wholeOf(nowMs, action.target) !== undefined;
      const isOutdone = offer.kind === "artifact" && offer.target.targetSha256 !== action.target;
      if ((!isWanted || isOutdone) && !action.isCanceling) this.#record({ type: "canceling", id: action.id });
      return action;
    }
    if (offer.kind === "none" || this.isPaused || isHeld) return undefined;
    const { targetSha256: target } = offer.target;
    // Done, or failed: not again, but for a whole image after a delta that failed.
    const isTried = action?.target === target && action.ended !== "canceled";
    const isAgain = action?.ended === "failure" && action.isDelta && device.refusesDeltas;
    if (isTried && !isAgain) return undefined;
    this.#record({ type: "action", id: this.#ledger.nextAction, device: device.id, target });
    return device.action;
  }

  #offer(nowMs: number, device: DepotDevice): Offer {
    return offerFor(device, this.#artifacts, nowMs, this.#config.allowDowngrade);
  }

  #isTarget(nowMs: number, device: DepotDevice, { target }: DepotAction): boolean {
    const offer = this.#offer(nowMs, device);
    return offer.kind === "none" || offer.target.targetSha256 === target;
  }

  #wholeOf(nowMs: number, target: string): DepotArtifact | undefined {
    return this.#artifacts.find(
      ({ kind, targetSha256, expiresMs }) =>
        kind !== "delta" && targetSha256 === target && (expiresMs === 0 || nowMs < expiresMs),
    );
  }

  /** A device that runs the target and has not said so yet is offered it still: it asks once more before it reports. */
  #artifactFor(nowMs: number, device: DepotDevice, { target }: DepotAction): DepotArtifact | undefined {
    const offer = this.#offer(nowMs, device);
    if (offer.kind === "artifact" && offer.target.targetSha256 === target) return offer.artifact;
    return this.#wholeOf(nowMs, target);
  }

  /** Another whenever the answer is another. */
  #tagOf(nowMs: number, device: DepotDevice, action: DepotAction): string {
    const artifact = this.#artifactFor(nowMs, device, action);
    const isOpen = this.#window(nowMs)?.isOpen !== false;
    return `${artifact === undefined ? "" : moduleOf(artifact)}${isOpen ? "-open" : ""}${this.isPaused ? "-paused" : ""}`;
  }

  #window(nowMs: number): WindowState | undefined {
    const { window } = this.#config;
    return window && windowAt(window, nowMs);
  }

  #href(origin: string, device: string, place: DdiPlace): string {
    return `${origin}${ddiPath({ tenant: this.#config.tenant, device, place })}`;
  }

  #find(id: string, actionId: string): [DepotDevice | undefined, DepotAction | undefined] {
    return [this.#ledger.device(id), this.#ledger.action(Number(actionId), id)];
  }

  /** Progress alone is not kept. */
  #keep(action: DepotAction, { execution, details }: DdiFeedback): void {
    const kept = execution === "closed" ? "scheduled" : execution;
    if (kept === action.execution) return;
    this.#record({ type: "feedback", id: action.id, execution: kept, detail: details.at(-1) ?? "" });
  }

  #end(device: DepotDevice, action: DepotAction, as: NonNullable<DepotAction["ended"]>, feedback: DdiFeedback): void {
    const refusesDeltas =
      as === "failure" ? device.refusesDeltas || action.isDelta : as !== "success" && device.refusesDeltas;
    this.#record({ type: "ended", id: action.id, as, detail: feedback.details.at(-1) ?? "", refusesDeltas });
  }

  #record(event: DepotEvent): void {
    this.#ledger.apply(event);
    this.#events.push(event);
  }
}

/** What the depot remembers of devices and actions, made from its events alone: whoever keeps them can make it again. */
import { type HoldEvent, Holds } from "./holds.ts";
import type { DepotAction, DepotDevice, DepotEvent, DepotSnapshot } from "./types.ts";

interface Known extends DepotDevice {
  attributes: ReadonlyMap<string, string>;
}

export class Ledger {
  readonly #devices = new Map<string, Known>();
  /** By number; those that are the last of their device. */
  readonly #actions = new Map<number, DepotAction>();
  readonly #holds = new Holds();
  #nextAction = 1;
  #isPaused = false;

  get isPaused(): boolean {
    return this.#isPaused;
  }

  isReleased(device: string): boolean {
    return this.#holds.isReleased(device);
  }

  /** See `Holds`. */
  whyHeld(device: string, byRelease?: boolean): string {
    return this.#holds.whyHeld(device, byRelease);
  }

  get nextAction(): number {
    return this.#nextAction;
  }

  get deviceCount(): number {
    return this.#devices.size;
  }

  devices(): Iterable<DepotDevice> {
    return this.#devices.values();
  }

  device(id: string): DepotDevice | undefined {
    return this.#devices.get(id);
  }

  /** Of that device, ended or not; only its last one is known. */
  action(id: number, device: string): DepotAction | undefined {
    const action = this.#actions.get(id);
    return action?.device === device ? action : undefined;
  }

  /** What the event says of something that is not known here, as when a log is damaged, changes nothing. */
  apply(event: DepotEvent): void {
    switch (event.type) {
      case "device":
        this.#devices.set(event.device, {
          id: event.device,
          attributes: new Map(),
          refusesDeltas: false,
          needsAttributes: true,
        });
        return;
      case "attributes":
        return this.#onAttributes(event);
      case "action":
        return this.#onAction(event);
      case "paused":
        this.#isPaused = event.isPaused;
        return;
      case "released":
      case "leftOut":
        return this.#onHold(event);
      case "offered":
      case "feedback":
      case "canceling":
      case "ended":
        return this.#onProgress(event);
    }
  }

  snapshot(): DepotSnapshot {
    const devices = [...this.#devices.values()].map(({ attributes, ...device }) => ({
      ...device,
      attributes: Object.fromEntries(attributes),
    }));
    return { nextAction: this.#nextAction, isPaused: this.#isPaused, ...this.#holds.snapshot(), devices };
  }

  restore({ nextAction, isPaused, devices, ...holds }: DepotSnapshot): void {
    this.#devices.clear();
    this.#actions.clear();
    this.#nextAction = nextAction;
    this.#isPaused = isPaused;
    this.#holds.restore(holds);
    for (const { attributes, ...device } of devices) {
      this.#devices.set(device.id, { ...device, attributes: new Map(Object.entries(attributes)) });
      if (device.action !== undefined) this.#actions.set(device.action.id, device.action);
    }
  }

  #onAttributes({ device: id, attributes }: Extract<DepotEvent, { type: "attributes" }>): void {
    const device = this.#devices.get(id);
    if (device === undefined) return;
    device.attributes = new Map(Object.entries(attributes));
    device.needsAttributes = false;
  }

  /** Who is released again is asked again, whatever came of it before. */
  #onHold(event: HoldEvent): void {
    this.#holds.apply(event);
    if (event.type !== "released" || !event.isReleased) return;
    const device = this.#devices.get(event.device);
    if (device?.action?.ended === undefined) return;
    this.#actions.delete(device.action.id);
    delete device.action;
  }

  #onAction({ id, device: name, target }: Extract<DepotEvent, { type: "action" }>): void {
    const device = this.#devices.get(name);
    if (device === undefined) return;
    if (device.action !== undefined) this.#actions.delete(device.action.id);
    device.action = {
      id,
      device: name,
      target,
      execution: "pending",
      detail: "",
      isDelta: false,
      isAllowed: false,
      wasAllowed: false,
      isCanceling: false,
    };
    this.#actions.set(id, device.action);
    this.#nextAction = Math.max(this.#nextAction, id + 1);
  }

  #onProgress(event: Extract<DepotEvent, { id: number; type: "offered" | "feedback" | "canceling" | "ended" }>): void {
    const action = this.#actions.get(event.id);
    const device = action && this.#devices.get(action.device);
    if (action === undefined || device === undefined) return;
    switch (event.type) {
      case "offered":
        action.isDelta = event.isDelta;
        action.isAllowed = event.isAllowed;
        action.wasAllowed ||= event.isAllowed;
        return;
      case "feedback":
        action.execution = event.execution;
        action.detail = event.detail;
        return;
      case "canceling":
        action.isCanceling = true;
        return;
      case "ended":
        action.ended = event.as;
        action.execution = "closed";
        action.detail = event.detail;
        device.refusesDeltas = event.refusesDeltas;
        device.needsAttributes = true;
    }
  }
}

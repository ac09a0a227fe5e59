/** What the ACS remembers of devices and tasks, made from its events alone: whoever keeps them can make it again. */
import { type HoldEvent, Holds } from "../../depot/core/index.ts";
import type { AcsDevice, AcsEvent, AcsSnapshot, AcsTask } from "./types.ts";

/** Of those that have ended, of one device. */
const ENDED_MAX = 16;

type Known = AcsDevice & { tasks: AcsTask[] };

export class AcsLedger {
  readonly #devices = new Map<string, Known>();
  readonly #tasks = new Map<number, AcsTask>();
  /** Tasks that have a deadline; a device's own are few. */
  readonly #open = new Set<AcsTask>();
  readonly #holds = new Holds();
  #nextTask = 1;
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

  get nextTask(): number {
    return this.#nextTask;
  }

  get deviceCount(): number {
    return this.#devices.size;
  }

  devices(): Iterable<AcsDevice> {
    return this.#devices.values();
  }

  device(id: string): AcsDevice | undefined {
    return this.#devices.get(id);
  }

  task(id: number): AcsTask | undefined {
    return this.#tasks.get(id);
  }

  /** Those that have not ended. */
  openTasks(): Iterable<AcsTask> {
    return this.#open;
  }

  /** What the event says of something that is not known here changes nothing. */
  apply(event: AcsEvent): void {
    switch (event.type) {
      case "paused":
        this.#isPaused = event.isPaused;
        return;
      case "released":
      case "leftOut":
        return this.#onHold(event);
      case "device":
      case "facts":
      case "refuses":
      case "provisioned":
        return this.#onDevice(event);
      case "task":
        return this.#onTask(event);
      case "asked":
      case "notAsked":
      case "taken":
      case "transferred":
      case "canceling":
      case "ended":
        return this.#onProgress(event);
    }
  }

  snapshot(): AcsSnapshot {
    return structuredClone({
      nextTask: this.#nextTask,
      isPaused: this.#isPaused,
      ...this.#holds.snapshot(),
      devices: [...this.#devices.values()],
    });
  }

  restore(snapshot: AcsSnapshot): void {
    const { nextTask, isPaused, devices, ...holds } = structuredClone(snapshot);
    this.#devices.clear();
    this.#tasks.clear();
    this.#open.clear();
    this.#nextTask = nextTask;
    this.#isPaused = isPaused;
    this.#holds.restore(holds);
    for (const device of devices) {
      this.#devices.set(device.id, { ...device, tasks: [...device.tasks] });
      for (const task of device.tasks) {
        this.#tasks.set(task.id, task);
        if (task.state !== "ended") this.#open.add(task);
      }
    }
  }

  /** Who is released again is asked again, whatever came of it before. */
  #onHold(event: HoldEvent): void {
    this.#holds.apply(event);
    if (event.type !== "released" || !event.isReleased) return;
    const device = this.#devices.get(event.device);
    if (device === undefined) return;
    for (const { id } of device.tasks.filter(({ order, state }) => order.kind === "update" && state === "ended"))
      this.#forget(device, id);
  }

  #forget(device: Known, id: number): void {
    this.#tasks.delete(id);
    device.tasks = device.tasks.filter((each) => each.id !== id);
  }

  #onDevice(event: Extract<AcsEvent, { type: "device" | "facts" | "refuses" | "provisioned" }>): void {
    if (event.type === "device") {
      this.#devices.set(event.device, {
        id: event.device,
        deviceId: event.deviceId,
        facts: { productCode: "", hardware: "", version: "", root: "Device", connectionRequestUrl: "", cwmp: "1.0" },
        refusesDeltas: false,
        refusesSchedules: false,
        refusesHash: false,
        isProvisioned: false,
        tasks: [],
      });
      return;
    }
    const device = this.#devices.get(event.device);
    if (device === undefined) return;
    if (event.type === "facts") device.facts = event.facts;
    else if (event.type === "provisioned") device.isProvisioned = event.isDone;
    else if (event.what === "hash") device.refusesHash = true;
    else device.refusesSchedules = true;
  }

  #onTask({ id, device: name, order }: Extract<AcsEvent, { type: "task" }>): void {
    const device = this.#devices.get(name);
    if (device === undefined) return;
    const task: AcsTask = {
      id,
      device: name,
      order,
      state: "queued",
      asks: 0,
      askedMs: 0,
      by: "",
      isDelta: false,
      isCanceling: false,
      code: 0,
      detail: "",
    };
    device.tasks.push(task);
    this.#tasks.set(id, task);
    this.#open.add(task);
    this.#nextTask = Math.max(this.#nextTask, id + 1);
  }

  #onProgress(
    event: Extract<AcsEvent, { type: "asked" | "notAsked" | "taken" | "transferred" | "canceling" | "ended" }>,
  ): void {
    const task = this.#tasks.get(event.id);
    const device = task && this.#devices.get(task.device);
    if (device === undefined || task === undefined || task.state === "ended") return;
    switch (event.type) {
      case "asked":
        Object.assign(task, { state: "asked", asks: task.asks + 1, askedMs: event.atMs } satisfies Partial<AcsTask>);
        Object.assign(task, { by: event.by, isDelta: event.isDelta } satisfies Partial<AcsTask>);
        return;
      case "notAsked":
        task.state = "queued";
        return;
      case "taken":
      case "transferred":
        task.state = event.type;
        return;
      case "canceling":
        task.isCanceling = true;
        return;
      case "ended":
        return this.#end(device, task, event);
    }
  }

  #end(device: Known, task: AcsTask, { as, code, detail, result }: Extract<AcsEvent, { type: "ended" }>): void {
    Object.assign(task, {
      state: "ended",
      ended: as,
      code,
      detail,
      ...(result && { result }),
    } satisfies Partial<AcsTask>);
    this.#open.delete(task);
    if (task.order.kind === "update" && as === "failure" && task.isDelta) device.refusesDeltas = true;
    if (task.order.kind === "update" && as === "success") device.refusesDeltas = false;
    const ended = device.tasks.filter(({ state }) => state === "ended");
    for (const { id } of ended.slice(0, Math.max(0, ended.length - ENDED_MAX))) this.#forget(device, id);
  }
}

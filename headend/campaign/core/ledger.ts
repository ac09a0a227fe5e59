/** What a campaign remembers, made from its events alone: whoever keeps them can make it again. It decides nothing. */
import { matches } from "./filter.ts";
import type {
  CampaignAnswer,
  CampaignDevice,
  CampaignEntry,
  CampaignEvent,
  CampaignPlan,
  CampaignSnapshot,
  DeviceStanding,
  WaveState,
} from "./types.ts";

/** Ids of commands that are remembered. */
const IDS_MAX = 1000;

type EventOf<Type extends CampaignEvent["type"]> = Extract<CampaignEvent, { type: Type }>;

export class CampaignLedger {
  readonly #plan: Pick<CampaignPlan, "filter" | "targetVersion" | "roads">;
  readonly #entries = new Map<string, CampaignEntry>();
  readonly #chosen = new Map<string, boolean>();
  readonly #answers = new Map<string, CampaignAnswer>();
  readonly waves: WaveState[] = [];
  /** In no wave. */
  readonly pending = new Set<string>();
  /** In the order of their turns. */
  readonly waiting = new Set<string>();
  /** Given to a road. */
  readonly underWay = new Set<string>();
  /** Of these, whom an operator has removed. */
  readonly removed = new Set<string>();
  readonly #underWayBy = new Map<string, number>();
  /** Empty: it is not. */
  pausedWhy = "";
  haltedWhy = "";
  awaitsNext = false;
  end: CampaignSnapshot["ended"];

  constructor(plan: Pick<CampaignPlan, "filter" | "targetVersion" | "roads">) {
    this.#plan = plan;
  }

  entries(): IterableIterator<CampaignEntry> {
    return this.#entries.values();
  }

  entry(serial: string): CampaignEntry | undefined {
    return this.#entries.get(serial);
  }

  answerTo(id: string): CampaignAnswer | undefined {
    return this.#answers.get(id);
  }

  /** By an operator; undefined: nobody said. */
  chosenBefore(serial: string): boolean | undefined {
    return this.#chosen.get(serial);
  }

  /** Whether it belongs to the campaign. */
  isMember({ device, isChosen }: CampaignEntry): boolean {
    return isChosen ?? matches(device, this.#plan.filter);
  }

  /** Under way by a road. */
  countBy(road: string): number {
    return this.#underWayBy.get(road) ?? 0;
  }

  /** The wave that came last, if it is under way still. */
  get openWave(): WaveState | undefined {
    const last = this.waves.at(-1);
    return last === undefined || last.isPassed ? undefined : last;
  }

  /** What the event says of something that is not known here, as when a log is damaged, changes nothing. */
  apply(event: CampaignEvent): void {
    switch (event.type) {
      case "device":
        return this.#onDevice(event.device);
      case "command":
        return this.#onCommand(event);
      case "chosen":
        return this.#onChosen(event);
      case "paused":
        this.pausedWhy = event.isPaused ? event.why : "";
        return;
      case "halted":
        this.haltedWhy = event.why;
        return;
      case "awaitsNext":
        this.awaitsNext = event.isAwaiting;
        return;
      case "ended":
        this.end = { as: event.as, why: event.why };
        return;
      case "waveBegan":
        // One that nobody was left of begins anew.
        this.waves[event.wave] ??= { wave: event.wave, size: 0, succeeded: 0, failed: 0, isPassed: false };
        for (const serial of event.serials) this.#join(serial, false);
        return;
      case "joined":
        return this.#join(event.serial, true);
      case "left":
        return this.#leave(event.serial);
      case "wavePassed": {
        const wave = this.waves[event.wave];
        if (wave !== undefined) wave.isPassed = true;
        return;
      }
      case "started":
        return this.#onStarted(event);
      case "stopping": {
        const entry = this.#entries.get(event.serial);
        if (entry?.standing !== "running") return;
        entry.stopCause = event.cause;
        return this.#move(entry, "stopping");
      }
      case "updateEnded":
        return this.#onUpdateEnded(event);
    }
  }

  snapshot(): CampaignSnapshot {
    return structuredClone({
      entries: [...this.#entries.values()],
      chosen: Object.fromEntries(this.#chosen),
      answers: [...this.#answers],
      waves: this.waves,
      pending: [...this.pending],
      waiting: [...this.waiting],
      pausedWhy: this.pausedWhy,
      haltedWhy: this.haltedWhy,
      awaitsNext: this.awaitsNext,
      ...(this.end && { ended: this.end }),
    });
  }

  restore(snapshot: CampaignSnapshot): void {
    const { entries, chosen, answers, waves, pending, waiting, pausedWhy, haltedWhy, awaitsNext, ended } =
      structuredClone(snapshot);
    for (const entry of entries) {
      this.#entries.set(entry.device.serial, entry);
      if (entry.standing === "running" || entry.standing === "stopping") this.#begin(entry);
      if (this.underWay.has(entry.device.serial) && entry.isChosen === false) this.removed.add(entry.device.serial);
    }
    for (const [serial, isChosen] of Object.entries(chosen)) this.#chosen.set(serial, isChosen);
    for (const [id, answer] of answers) this.#answers.set(id, answer);
    this.waves.push(...waves);
    for (const serial of pending) this.pending.add(serial);
    for (const serial of waiting) this.waiting.add(serial);
    Object.assign(this, { pausedWhy, haltedWhy, awaitsNext, end: ended });
  }

  #onDevice(device: CampaignDevice): void {
    const { serial } = device;
    const entry = this.#entries.get(serial) ?? this.#newEntry(device);
    entry.device = device;
    if (!this.#runsTarget(entry)) return;
    if (entry.standing === "waiting") this.#leave(serial, "done");
    if (entry.standing === "pending") this.#move(entry, "done");
  }

  #newEntry(device: CampaignDevice): CampaignEntry {
    const isChosen = this.#chosen.get(device.serial);
    const entry: CampaignEntry = {
      device,
      standing: "pending",
      ...(isChosen !== undefined && { isChosen }),
      wave: -1,
      isLate: false,
      attempt: 0,
      road: "",
      startedMs: 0,
      failures: {},
      cause: "",
    };
    this.#entries.set(device.serial, entry);
    this.#move(entry, isChosen === false ? "removed" : "pending");
    return entry;
  }

  /** Whoever stands somewhere is in the list of those who stand there, and in no other. */
  #move(entry: CampaignEntry, standing: DeviceStanding): void {
    const { serial } = entry.device;
    this.pending.delete(serial);
    this.waiting.delete(serial);
    if (standing === "pending") this.pending.add(serial);
    if (standing === "waiting") this.waiting.add(serial);
    entry.standing = standing;
  }

  #runsTarget({ device, standing }: CampaignEntry): boolean {
    return standing !== "removed" && device.version !== "" && device.version === this.#plan.targetVersion;
  }

  #onCommand({ command, answer }: EventOf<"command">): void {
    if (command.id === undefined) return;
    const [oldest] = this.#answers.keys();
    if (this.#answers.size >= IDS_MAX && oldest !== undefined) this.#answers.delete(oldest);
    this.#answers.set(command.id, answer);
  }

  #onChosen({ serial, isChosen }: EventOf<"chosen">): void {
    this.#chosen.set(serial, isChosen);
    const entry = this.#entries.get(serial);
    if (entry === undefined) return;
    const { standing } = entry;
    entry.isChosen = isChosen;
    if (isChosen) this.removed.delete(serial);
    else if (this.underWay.has(serial)) this.removed.add(serial);
    if (isChosen && (standing === "removed" || standing === "failed")) {
      Object.assign(entry, { failures: {}, cause: "" });
      this.#move(entry, "pending");
    }
    if (isChosen) return;
    if (standing === "waiting") this.#leave(serial, "removed");
    if (standing === "pending" || standing === "failed") this.#move(entry, "removed");
  }

  #join(serial: string, isLate: boolean): void {
    const entry = this.#entries.get(serial);
    const wave = this.waves.at(-1);
    if (entry === undefined || wave === undefined || entry.standing !== "pending") return;
    Object.assign(entry, { wave: wave.wave, isLate });
    this.#move(entry, "waiting");
    wave.size += 1;
  }

  /** It does not count for its wave any more. */
  #leave(serial: string, standing: DeviceStanding = "pending"): void {
    const entry = this.#entries.get(serial);
    if (entry === undefined || entry.standing === "pending") return;
    const wave = this.waves[entry.wave];
    if (wave !== undefined) wave.size -= 1;
    this.#move(entry, standing);
  }

  #onStarted({ atMs, serial, road, attempt }: EventOf<"started">): void {
    const entry = this.#entries.get(serial);
    if (entry === undefined) return;
    Object.assign(entry, { road, attempt, startedMs: atMs });
    delete entry.stopCause;
    this.#move(entry, "running");
    this.#begin(entry);
  }

  #begin({ device, road }: CampaignEntry): void {
    this.underWay.add(device.serial);
    this.#underWayBy.set(road, this.countBy(road) + 1);
  }

  #onUpdateEnded({ serial, attempt, end, cause }: EventOf<"updateEnded">): void {
    const entry = this.#entries.get(serial);
    if (entry === undefined || entry.attempt !== attempt || !this.underWay.delete(serial)) return;
    this.removed.delete(serial);
    this.#underWayBy.set(entry.road, this.countBy(entry.road) - 1);
    const { stopCause } = entry;
    delete entry.stopCause;
    if (end === "committed" || end === "upToDate") return this.#settle(entry, "done", "");
    if (entry.isChosen === false) return this.#leave(serial, "removed");
    // What the campaign itself stopped is no failure, unless it had its time.
    if (end === "offline" || (end === "stopped" && stopCause !== "limit")) return this.#leave(serial);
    const failures = { ...entry.failures, [entry.road]: (entry.failures[entry.road] ?? 0) + 1 };
    entry.failures = failures;
    const isLeft = this.#plan.roads.some(
      ({ road, attempts }) => entry.device.roads.includes(road) && (failures[road] ?? 0) < attempts,
    );
    // An image that does not run there does not run by another road either.
    if (end === "rolledBack" || !isLeft) return this.#settle(entry, "failed", cause);
    entry.cause = cause;
    this.#move(entry, "waiting");
  }

  #settle(entry: CampaignEntry, standing: "done" | "failed", cause: string): void {
    entry.cause = cause;
    this.#move(entry, standing);
    const wave = this.waves[entry.wave];
    if (wave === undefined) return;
    if (standing === "done") wave.succeeded += 1;
    else wave.failed += 1;
  }
}

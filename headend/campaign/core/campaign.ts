/**
 * A campaign without its roads: who is updated when, by which road, how many at once. What carries an update out, an OLT or a
 * depot, is told to start and to stop, and tells how it ended; it decides nothing of that.
 */
import { Actions } from "./actions.ts";
import { Commands } from "./commands.ts";
import { CampaignHours, timeText } from "./hours.ts";
import { CampaignLedger } from "./ledger.ts";
import { chooseRoad, type RoadChoice } from "./road-choice.ts";
import { deviceStatusOf, stateOf, statusOf } from "./status.ts";
import type {
  CampaignAction,
  CampaignAnswer,
  CampaignCommand,
  CampaignDevice,
  CampaignDeviceStatus,
  CampaignEntry,
  CampaignEvent,
  CampaignPlan,
  CampaignSnapshot,
  CampaignStatus,
  StopCause,
  UpdateEnd,
} from "./types.ts";
import { chooseWave, verdictOn, wavePlanOf } from "./waves.ts";

const NOWHERE: ReadonlySet<string> = new Set();

export class Campaign {
  readonly #plan: CampaignPlan;
  readonly #ledger: CampaignLedger;
  readonly #hours: CampaignHours;
  readonly #commands: Commands;
  readonly #actions = new Actions();
  readonly #events: CampaignEvent[] = [];
  #recorded = 0;
  /** By which roads each device answers now. It is not remembered: after a restart the roads tell it anew. */
  readonly #online = new Map<string, ReadonlySet<string>>();
  readonly #hasLimits: boolean;
  /** Before that no wave begins: others are waited for. */
  #gathersUntilMs = Infinity;

  constructor(plan: CampaignPlan) {
    this.#plan = plan;
    this.#ledger = new CampaignLedger(plan);
    this.#hours = new CampaignHours(plan.windows, plan.endsMs);
    this.#commands = new Commands(this.#ledger, (event) => this.#record(event));
    this.#hasLimits = plan.roads.some(({ limitMs }) => limitMs < Infinity);
  }

  /** Begins with what was kept: a snapshot, then the events since. What is under way is told to the roads once more. */
  restore(snapshot: CampaignSnapshot | undefined, events: Iterable<CampaignEvent>): void {
    if (snapshot !== undefined) this.#ledger.restore(snapshot);
    for (const event of events) this.#ledger.apply(event);
    for (const serial of this.#ledger.underWay) this.#actions.tellAgain(this.#ledger.entry(serial)!);
  }

  snapshot(): CampaignSnapshot {
    return this.#ledger.snapshot();
  }

  /** A device is there, or has changed. */
  handleDevice(nowMs: number, device: CampaignDevice): void {
    const known = this.#ledger.entry(device.serial)?.device;
    if (known === undefined || JSON.stringify(known) !== JSON.stringify(device))
      this.#record({ type: "device", device });
    this.#advance(nowMs);
  }

  /** @param roads by which it answers now; none: it is offline */
  handlePresence(nowMs: number, serial: string, roads: readonly string[]): void {
    if (roads.length === 0) this.#online.delete(serial);
    else this.#online.set(serial, new Set(roads));
    if (roads.length > 0) this.#gathersUntilMs = Math.min(this.#gathersUntilMs, nowMs + this.#plan.gatherMs);
    const isGone = roads.length === 0 && this.#ledger.entry(serial)?.standing === "waiting";
    if (isGone) this.#record({ type: "left", serial, why: "it went offline before its turn" });
    this.#advance(nowMs);
  }

  /** What a road says of an attempt that is not the last one of the device is late, and passed over. */
  handleEnded(nowMs: number, serial: string, attempt: number, end: UpdateEnd, cause = ""): void {
    const entry = this.#ledger.entry(serial);
    if (entry?.attempt !== attempt || !this.#ledger.underWay.has(serial)) return;
    this.#record({ type: "updateEnded", atMs: nowMs, serial, attempt, end, cause });
    this.#advance(nowMs);
  }

  /** An operator's. */
  handleCommand(nowMs: number, command: CampaignCommand): CampaignAnswer {
    const answer = this.#commands.handle(nowMs, command);
    this.#advance(nowMs);
    return answer;
  }

  handleTimeout(nowMs: number): void {
    this.#advance(nowMs);
  }

  pollAction(): CampaignAction | undefined {
    return this.#actions.poll();
  }

  /** What has to be kept before an action is carried out that it led to; in order. */
  pollEvent(): CampaignEvent | undefined {
    return this.#events.shift();
  }

  /** When it wants to be called next, whatever happens. */
  nextTimeoutMs(nowMs: number): number {
    if (this.#ledger.end !== undefined) return Infinity;
    const { isOpen, opensMs, closesMs } = this.#hours.at(nowMs);
    const instants = [isOpen ? closesMs : opensMs, this.#plan.endsMs, this.#gathersUntilMs];
    let dueMs = Math.min(...instants.filter((ms) => ms > nowMs));
    if (!this.#hasLimits) return dueMs;
    for (const serial of this.#ledger.underWay) {
      const entry = this.#ledger.entry(serial)!;
      if (entry.standing === "running") dueMs = Math.min(dueMs, this.#limitOf(entry));
    }
    return dueMs;
  }

  /** Nothing is under way, and nothing more is to come of those who are known. Pending ones may still come. */
  get isIdle(): boolean {
    return this.#ledger.underWay.size === 0 && this.#ledger.waiting.size === 0;
  }

  /** Some road is at work. */
  get isUnderWay(): boolean {
    return this.#ledger.underWay.size > 0;
  }

  /** Nothing is under way, and nothing ever will be. */
  get isOver(): boolean {
    return this.#ledger.end !== undefined && this.#ledger.underWay.size === 0;
  }

  status(nowMs: number): CampaignStatus {
    return statusOf(this.#ledger, this.#hours.at(nowMs));
  }

  /** What it does at the moment: of `status` what costs nothing. */
  state(nowMs: number): Pick<CampaignStatus, "state" | "why"> {
    return stateOf(this.#ledger, this.#hours.at(nowMs));
  }

  *statuses(nowMs: number): Generator<CampaignDeviceStatus> {
    for (const entry of this.#ledger.entries()) yield this.deviceStatus(nowMs, entry.device.serial)!;
  }

  deviceStatus(nowMs: number, serial: string): CampaignDeviceStatus | undefined {
    const entry = this.#ledger.entry(serial);
    if (entry === undefined) return undefined;
    const choose = (): RoadChoice => this.#choose(nowMs, entry, this.#wouldBeLate(entry));
    return deviceStatusOf(this.#ledger, this.#plan, entry, choose, this.#online.has(serial));
  }

  /** Does what may be done now, until there is nothing more. */
  #advance(nowMs: number): void {
    const ledger = this.#ledger;
    if (ledger.end === undefined && nowMs >= this.#plan.endsMs)
      this.#record({ type: "ended", as: "over", why: `it ended ${timeText(this.#plan.endsMs)}` });
    this.#stopOverdue(nowMs);
    if (ledger.end !== undefined) return;
    for (let before = -1; before !== this.#recorded;) {
      before = this.#recorded;
      this.#judgeWave(nowMs);
      if (ledger.pausedWhy !== "" || ledger.haltedWhy !== "" || !this.#hours.at(nowMs).isOpen) return;
      this.#formWave(nowMs);
      this.#startWaiting(nowMs);
    }
  }

  #judgeWave(nowMs: number): void {
    const { openWave } = this.#ledger;
    if (openWave === undefined || this.#ledger.haltedWhy !== "") return;
    const plan = wavePlanOf(this.#plan, openWave.wave);
    const verdict = verdictOn(openWave, plan);
    if (verdict.kind === "halted") return this.#record({ type: "halted", why: verdict.why });
    if (verdict.kind === "empty") return;
    if (plan.devices === 0) {
      // Whoever comes belongs to it until its window closes: in the next one all that are left begin together again.
      if (this.#hours.at(nowMs).isOpen) return;
      return this.#record({ type: "wavePassed", wave: openWave.wave, why: "its window has closed" });
    }
    if (verdict.kind !== "passed") return;
    this.#record({ type: "wavePassed", wave: openWave.wave, why: verdict.why });
    if (plan.pauseAfter) this.#record({ type: "awaitsNext", isAwaiting: true });
  }

  #formWave(nowMs: number): void {
    const ledger = this.#ledger;
    const { openWave } = ledger;
    if (openWave === undefined && ledger.awaitsNext) return;
    const plan = wavePlanOf(this.#plan, openWave?.wave ?? ledger.waves.length);
    const isFull = openWave !== undefined && plan.devices > 0 && openWave.size > 0;
    if (isFull || ledger.pending.size === 0 || nowMs < this.#gathersUntilMs) return;
    const isLate = openWave !== undefined && openWave.size > 0;
    const ready = [...this.#pendingOnline()].filter((entry) => {
      const choice = this.#choose(nowMs, entry, isLate);
      return choice.kind === "road" || choice.for === "room";
    });
    if (ready.length === 0) return;
    if (isLate) {
      for (const { device } of ready) this.#record({ type: "joined", serial: device.serial });
      return;
    }
    const serials = chooseWave(ready, plan.devices).map(({ device }) => device.serial);
    // A wave that nobody is left of begins anew with others.
    const wave = openWave?.wave ?? ledger.waves.length;
    this.#record({ type: "waveBegan", wave, serials, why: `wave ${wave + 1}: ${serials.length} devices` });
  }

  *#pendingOnline(): Generator<CampaignEntry> {
    for (const serial of this.#ledger.pending) {
      const entry = this.#ledger.entry(serial)!;
      if (this.#online.has(serial) && this.#ledger.isMember(entry)) yield entry;
    }
  }

  #startWaiting(nowMs: number): void {
    const ledger = this.#ledger;
    for (const serial of ledger.waiting) {
      if (ledger.underWay.size >= this.#plan.concurrency) return;
      const entry = ledger.entry(serial)!;
      const choice = this.#choose(nowMs, entry, entry.isLate);
      // It must not hold up its wave.
      if (choice.kind === "waits" && choice.for === "road") this.#record({ type: "left", serial, why: choice.why });
      if (choice.kind !== "road") continue;
      const { road } = choice.road;
      const attempt = entry.attempt + 1;
      const why = entry.cause === "" ? `by ${road}` : `by ${road}, after ${entry.road}: ${entry.cause}`;
      this.#record({ type: "started", atMs: nowMs, serial, road, attempt, isLate: entry.isLate, why });
    }
  }

  #stopOverdue(nowMs: number): void {
    const { end, removed } = this.#ledger;
    const { isOpen } = this.#hours.at(nowMs);
    if (end === undefined && isOpen && !this.#hasLimits && removed.size === 0) return;
    for (const serial of this.#ledger.underWay) {
      const entry = this.#ledger.entry(serial)!;
      if (entry.standing !== "running") continue;
      const stop = (cause: StopCause, why: string): void =>
        this.#record({ type: "stopping", serial, attempt: entry.attempt, cause, why });
      if (end !== undefined) stop(end.as, end.why);
      else if (removed.has(serial)) stop("removed", "removed by an operator");
      else if (!isOpen) stop("window", "its window has closed");
      else if (nowMs >= this.#limitOf(entry)) stop("limit", `not done in time by ${entry.road}`);
    }
  }

  #limitOf({ road, startedMs }: CampaignEntry): number {
    return startedMs + (this.#plan.roads.find((each) => each.road === road)?.limitMs ?? Infinity);
  }

  #wouldBeLate({ standing, isLate }: CampaignEntry): boolean {
    const { openWave } = this.#ledger;
    if (standing !== "pending") return isLate;
    return openWave !== undefined && openWave.size > 0 && wavePlanOf(this.#plan, openWave.wave).devices === 0;
  }

  #choose(nowMs: number, { device, failures }: CampaignEntry, isLate: boolean): RoadChoice {
    const ledger = this.#ledger;
    const online = this.#online.get(device.serial) ?? NOWHERE;
    const room = { underWay: ledger.underWay.size, countBy: (road: string) => ledger.countBy(road) };
    return chooseRoad({ device, failures, isLate }, online, this.#plan, this.#hours.at(nowMs), room, nowMs);
  }

  #record(event: CampaignEvent): void {
    this.#ledger.apply(event);
    this.#recorded += 1;
    this.#events.push(event);
    this.#actions.handle(event, this.#ledger);
  }
}

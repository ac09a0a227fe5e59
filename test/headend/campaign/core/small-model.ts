/**
 * What a campaign has to keep to, as a small model that sees no more of it than its roads and its operator do: what it was
 * told, what it answered, whom it started and stopped.
 */
import { expect } from "vitest";
import {
  Campaign,
  type CampaignCommand,
  type CampaignEvent,
  type CampaignPlan,
  type UpdateEnd,
} from "../../../../headend/campaign/core/index.ts";
import { actionsOf, deviceOf, MINUTE_MS } from "./fixture.ts";

interface ModelDevice {
  isKnown: boolean;
  /** By an operator; undefined: nobody said. */
  chosen: boolean | undefined;
  online: readonly string[];
  /** Of the road that it was given to. */
  underWay: { road: string; attempt: number; isStopping: boolean } | undefined;
  attempts: number;
  failures: Map<string, number>;
  end: "" | "done" | "failed";
}

/** A campaign that has ended twice in the same way. */
type Over = "" | "aborted" | "over";

export class SmallModel {
  readonly plan: CampaignPlan;
  readonly campaign: Campaign;
  readonly events: CampaignEvent[] = [];
  readonly devices = new Map<string, ModelDevice>();
  readonly answers = new Map<string, unknown>();
  readonly #isOpenAt: (nowMs: number) => number;
  isPaused = false;
  over: Over = "";
  nowMs: number;

  /** @param isOpenAt when the window closes that is open then; -1: none is */
  constructor(plan: CampaignPlan, serials: readonly string[], nowMs: number, isOpenAt: (nowMs: number) => number) {
    this.plan = plan;
    this.campaign = new Campaign(plan);
    this.nowMs = nowMs;
    this.#isOpenAt = isOpenAt;
    for (const serial of serials)
      this.devices.set(serial, {
        isKnown: false,
        chosen: undefined,
        online: [],
        underWay: undefined,
        attempts: 0,
        failures: new Map(),
        end: "",
      });
  }

  tell(serial: string): void {
    this.devices.get(serial)!.isKnown = true;
    this.campaign.handleDevice(this.nowMs, deviceOf(serial));
    this.look();
  }

  present(serial: string, roads: readonly string[]): void {
    this.devices.get(serial)!.online = roads;
    this.campaign.handlePresence(this.nowMs, serial, roads);
    this.look();
  }

  pass(minutes: number): void {
    this.nowMs += minutes * MINUTE_MS;
    this.campaign.handleTimeout(this.nowMs);
    this.look();
  }

  end(serial: string, end: UpdateEnd): void {
    const device = this.devices.get(serial)!;
    const { underWay } = device;
    // Late news of an attempt that is over.
    if (underWay === undefined) return this.campaign.handleEnded(this.nowMs, serial, device.attempts, end);
    // Nobody stops what nobody has asked to be stopped.
    const told = end === "stopped" && !underWay.isStopping ? "failed" : end;
    device.underWay = undefined;
    if (told === "committed" || told === "upToDate") device.end = "done";
    else if (device.chosen !== false && (told === "failed" || told === "rolledBack")) {
      device.failures.set(underWay.road, this.failuresOf(serial, underWay.road) + 1);
      const isLeft = this.plan.roads.some(({ road, attempts }) => this.failuresOf(serial, road) < attempts);
      if (told === "rolledBack" || !isLeft) device.end = "failed";
    }
    this.campaign.handleEnded(this.nowMs, serial, underWay.attempt, told);
    this.look();
  }

  failuresOf(serial: string, road: string): number {
    return this.devices.get(serial)!.failures.get(road) ?? 0;
  }

  ask(command: CampaignCommand): void {
    const before = this.answers.get(command.id!);
    this.look();
    const told = this.events.length;
    const answer = this.campaign.handleCommand(this.nowMs, command);
    if (before !== undefined) {
      expect(answer).toEqual(before);
      this.look();
      return expect(this.events, "the same command changes nothing").toHaveLength(told);
    }
    this.answers.set(command.id!, answer);
    const isRefused = this.over !== "" && !(command.kind === "abort" && this.over === "aborted");
    if (command.kind !== "next" || isRefused) expect(answer.accepted).toBe(!isRefused);
    if (command.kind === "next" && this.isPaused) expect(answer.accepted).toBe(false);
    if (answer.accepted) this.#carryOut(command);
    this.look();
  }

  #carryOut(command: CampaignCommand): void {
    if (command.kind === "pause") this.isPaused = true;
    if (command.kind === "resume") this.isPaused = false;
    if (command.kind === "abort") this.over = "aborted";
    if (command.kind !== "add" && command.kind !== "remove") return;
    const device = this.devices.get(command.serial)!;
    const wasOut = device.chosen === false || device.end === "failed";
    device.chosen = command.kind === "add";
    if (!device.chosen || !wasOut || device.end === "done" || device.underWay) return;
    device.end = "";
    device.failures.clear();
  }

  /** All that came of the last call, one by one. */
  look(): void {
    for (let event = this.campaign.pollEvent(); event !== undefined; event = this.campaign.pollEvent())
      this.events.push(event);
    for (const action of actionsOf(this.campaign)) {
      const device = this.devices.get(action.serial)!;
      if (action.kind === "stop") {
        expect(device.underWay).toMatchObject({ attempt: action.attempt, isStopping: false });
        device.underWay!.isStopping = true;
        continue;
      }
      this.#checkStart(action.serial, action.road);
      device.attempts += 1;
      expect(action.attempt).toBe(device.attempts);
      device.underWay = { road: action.road, attempt: action.attempt, isStopping: false };
    }
    this.#checkRest();
  }

  #checkStart(serial: string, road: string): void {
    const { isKnown, chosen, online, underWay, end } = this.devices.get(serial)!;
    const { updateMs, attempts } = this.plan.roads.find((each) => each.road === road)!;
    const closesMs = this.#isOpenAt(this.nowMs);
    expect([this.isPaused, this.over]).toEqual([false, ""]);
    expect({ isKnown, isOut: chosen === false, underWay, end }).toEqual({
      isKnown: true,
      isOut: false,
      underWay: undefined,
      end: "",
    });
    expect(online).toContain(road);
    expect(this.failuresOf(serial, road)).toBeLessThan(attempts);
    expect(closesMs - this.nowMs, "done before its window closes").toBeGreaterThanOrEqual(updateMs);
  }

  #checkRest(): void {
    const all = [...this.devices.entries()];
    const underWay = all.filter(([, device]) => device.underWay !== undefined);
    expect(underWay.length).toBeLessThanOrEqual(this.plan.concurrency);
    const mustStop = this.over !== "" || this.#isOpenAt(this.nowMs) < 0;
    for (const [serial, { chosen, underWay: own }] of underWay)
      if (mustStop || chosen === false) expect(own, serial).toMatchObject({ isStopping: true });
    for (const [serial, { isKnown, end, underWay: own, chosen }] of all) {
      if (!isKnown) continue;
      const standing = this.campaign.deviceStatus(this.nowMs, serial)!.standing;
      if (own) expect(standing).toBe(own.isStopping ? "stopping" : "running");
      else if (end === "done") expect(standing).toBe("done");
      else if (chosen === false) expect(standing).toBe("removed");
      else if (end === "failed") expect(standing).toBe("failed");
      else expect(["pending", "waiting"]).toContain(standing);
    }
    this.#checkNobodyForgotten(underWay.length);
  }

  /** Where nothing is under way and nothing holds it back, nobody is left who could be started. */
  #checkNobodyForgotten(underWay: number): void {
    const { state } = this.campaign.status(this.nowMs);
    if (this.isPaused) expect(["paused", "aborted"]).toContain(state);
    if (state !== "running" || underWay > 0) return;
    const leftMs = this.#isOpenAt(this.nowMs) - this.nowMs;
    for (const [serial, { isKnown, chosen, online, end }] of this.devices) {
      if (!isKnown || chosen === false || end !== "") continue;
      const may = this.plan.roads.some(
        ({ road, attempts, takesLate, updateMs }) =>
          takesLate && online.includes(road) && this.failuresOf(serial, road) < attempts && updateMs <= leftMs,
      );
      expect(may, `${serial} waits: ${this.campaign.deviceStatus(this.nowMs, serial)?.why}`).toBe(false);
    }
  }

  /** Its events make it again, and it tells the roads of what is under way. */
  checkRestart(): void {
    const again = new Campaign(this.plan);
    again.restore(undefined, JSON.parse(JSON.stringify(this.events)));
    expect(again.snapshot()).toEqual(this.campaign.snapshot());
    const other = new Campaign(this.plan);
    other.restore(JSON.parse(JSON.stringify(again.snapshot())), []);
    expect(other.snapshot()).toEqual(again.snapshot());
    const told = new Map([...actionsOf(other)].map(({ serial, attempt }) => [serial, attempt]));
    for (const [serial, { underWay }] of this.devices) expect(told.get(serial)).toBe(underWay?.attempt);
  }
}

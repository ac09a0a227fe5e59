/** Commands, devices and time in any order, against a small model: what both loops of tests draw. */
import fc from "fast-check";
import type { CampaignCommand, CampaignPlan, UpdateEnd } from "../../../../headend/campaign/core/index.ts";
import { at, MINUTE_MS, plan } from "./fixture.ts";
import { SmallModel } from "./small-model.ts";

const SERIALS = ["a", "b", "c", "d", "e"];
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const ENDS: UpdateEnd[] = ["committed", "upToDate", "rolledBack", "failed", "offline", "stopped"];

const waves: CampaignPlan["waves"] = [
  { devices: 1, successShare: 1, failureShare: 0, pauseAfter: false },
  { devices: 2, successShare: 0.5, failureShare: 0.5, pauseAfter: true },
  { devices: 0, successShare: 1, failureShare: 0.9, pauseAfter: false },
];
const own: CampaignPlan = { ...plan, concurrency: 3, waves };

/** 02:00 to 05:00 UTC. */
function closesAt(nowMs: number): number {
  const dayMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const isOpen = nowMs >= dayMs + 2 * HOUR_MS && nowMs < dayMs + 5 * HOUR_MS;
  return isOpen ? dayMs + 5 * HOUR_MS : -1;
}

type Real = Record<string, never>;

class Step implements fc.Command<SmallModel, Real> {
  readonly #name: string;
  readonly #run: (model: SmallModel) => void;

  constructor(name: string, run: (model: SmallModel) => void) {
    this.#name = name;
    this.#run = run;
  }

  check(): boolean {
    return true;
  }

  run(model: SmallModel): void {
    this.#run(model);
  }

  toString(): string {
    return this.#name;
  }
}

const serial = fc.constantFrom(...SERIALS);
/** Few, so that some come again. */
const id = fc.integer({ min: 1, max: 12 }).map(String);
const roads = fc.subarray(["omci", "https"]);

const asked = fc.oneof(
  fc.record({ kind: fc.constantFrom("pause", "resume", "next", "next", "resume"), id }),
  fc.record({ kind: fc.constantFrom("add", "remove"), id, serial }),
  fc.record({ kind: fc.constant("abort"), id: fc.constantFrom("12", "13") }),
) as fc.Arbitrary<CampaignCommand>;

const steps = [
  asked.map((command) => new Step(JSON.stringify(command), (model) => model.ask(command))),
  serial.map((who) => new Step(`device ${who}`, (model) => model.tell(who))),
  fc
    .tuple(serial, roads)
    .map(([who, by]) => new Step(`${who} answers by [${by.join()}]`, (model) => model.present(who, by))),
  serial.map((who) => new Step(`${who} is there`, (model) => model.present(who, ["omci", "https"]))),
  fc
    .tuple(serial, fc.constantFrom(...ENDS, "committed" as const))
    .map(([who, end]) => new Step(`${who} ${end}`, (model) => model.end(who, end))),
  fc.constantFrom(1, 20, 60, 60, 21 * 60).map((minutes) => new Step(`${minutes} min`, (model) => model.pass(minutes))),
  fc.constant(new Step("restart", (model) => model.checkRestart())),
];

export function runCommands(numRuns: number, maxCommands: number, seed: number): void {
  fc.assert(
    fc.property(fc.commands(steps, { maxCommands, size: "max" }), (commands) => {
      fc.modelRun(() => {
        const model = new SmallModel(own, SERIALS, at("2026-11-28T01:55:00Z"), closesAt);
        return { model, real: {} };
      }, commands);
    }),
    { numRuns, seed },
  );
}

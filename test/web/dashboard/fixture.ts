/** Runs for tests of the live page: small ones in virtual time, in which much goes wrong. */
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { RunOptions, RunOutcome } from "../../../run/types.ts";
import { runVirtual } from "../../../run/virtual/index.ts";
import { parseScenario, type Scenario } from "../../../scenarios/index.ts";
import { factsOf, LiveRun } from "../../../web/dashboard/index.ts";
import { removeFolder } from "../../support/folder.ts";

export const troubled: Scenario = parseScenario(
  `
name: troubled
onts: 24
image: { bytes: 900000 }
impairments: [{ kind: loss, chance: 0.02 }]
olt: { rateBytesPerSecond: 2000000, catchUp: { waitSeconds: 0.1 } }
fleet: [{ count: 3, boot: { kind: crashes } }, {}]
faults:
  - { whenPhase: downloading, action: powerCycle, onts: [7, 8] }
  - { atSeconds: 0.2, action: powerCycle, onts: [9], offSeconds: 1.5 }
  - { atSeconds: 0.1, action: pause, offSeconds: 0.2 }
`,
  "troubled.yaml",
);

/** Goes on until somebody ends it: as slow as a clock, with a budget that leaves time. */
export const patient: Scenario = parseScenario(
  `
name: patient
onts: 16
pons: 2
image: { bytes: 4000000 }
impairments: [{ kind: loss, chance: 0.01 }]
olt: { rateBytesPerSecond: 60000, runSeconds: 86400 }
`,
  "patient.yaml",
);

export const root: string = mkdtempSync(join(tmpdir(), "poncast-dashboard-"));
/** Each file that writes there says so: they share this module, and hooks of a module are those of the first file that reads it. */
export function useRoot(): void {
  beforeAll(() => void mkdirSync(root, { recursive: true }));
  afterAll(() => removeFolder(root));
}

let runs = 0;
export const freshFolder = (): string => join(root, `run-${++runs}`);

export const liveOf = (scenario: Scenario): LiveRun => new LiveRun(scenario.name, factsOf(scenario, "virtual"));

/** The run as its page has it, from its beginning to its end. */
export function runLive(live: LiveRun, scenario: Scenario, options: RunOptions = {}): Promise<RunOutcome> {
  return runVirtual(scenario, {
    out: freshFolder(),
    sinks: [live.sink],
    onSteering: (steering) => live.steer(steering),
    onView: live.onView,
    ...options,
  });
}

/** Several ports as one: none that is further brings the whole further, and each pass says whose it is. */
import { describe, expect, it } from "vitest";
import type { OltStatus } from "../../../olt/core/types.ts";
import { newTraffic } from "../../../pon/index.ts";
import { mergedTotals } from "../../../run/result/port-totals.ts";
import { simulate } from "../../../run/virtual/simulate.ts";
import { parseScenario } from "../../../scenarios/index.ts";

const { result } = simulate(parseScenario("onts: 1\nimage: { bytes: 64KiB }\n", "one.yaml"));
const group = { why: "first", payload: 0, onts: 1, startNs: 0, endNs: 1, payloadBytes: 1 } as const;
const counters = { sections: 1, repairSections: 0, windows: 1, sectionPayloadBytes: 1 };
const statusOf = (phase: OltStatus["phase"]): OltStatus =>
  ({ phase, counters, groups: [group], onts: [], control: {}, stopReason: "" }) as unknown as OltStatus;
const merged = (...phases: OltStatus["phase"][]): OltStatus | undefined =>
  mergedTotals(
    phases.map((phase) => ({ status: statusOf(phase), counters, downstream: newTraffic(), upstream: newTraffic() })),
  ).status;

describe("several ports as one", () => {
  it("are where most is left to do, whatever their order", () => {
    const cases: [OltStatus["phase"][], OltStatus["phase"]][] = [
      [["activating", "downloading", "downloading"], "downloading"],
      [["downloading", "activating"], "downloading"],
      [["done", "ranging", "activating"], "ranging"],
      [["ranging", "downloading"], "downloading"],
      [["stopped", "activating"], "activating"],
      [["done", "stopped"], "stopped"],
      [["done", "done"], "done"],
    ];
    for (const [phases, whole] of cases) expect([phases, merged(...phases)?.phase]).toEqual([phases, whole]);
  });

  it("have passes that say of which port they are; one port has none to tell apart", () => {
    expect(merged("done", "done")?.groups.map(({ pon }) => pon)).toEqual([0, 1]);
    expect(merged("done")?.groups).toEqual([group]);
    expect(Object.keys(result.groups[0])).not.toContain("pon");
  });
});

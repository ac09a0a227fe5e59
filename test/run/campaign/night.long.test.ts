/** The night of 2,048 ONTs, whole: who is updated by which road, and that nobody is touched outside the window. */
import { expect, it } from "vitest";
import { presetFile } from "../../../cli/run-options.ts";
import { simulate } from "../../../run/virtual/index.ts";
import { loadScenario } from "../../../scenarios/index.ts";

const HOUR_NS = 3600e9;

it("night-campaign: 1,984 of 2,048 by three roads between two and five, 64 are pending", () => {
  const restartsNs: number[] = [];
  const observer = {
    ont: (nowNs: number, _ont: unknown, event: { type: string }) => {
      if (event.type === "offline") restartsNs.push(nowNs);
    },
  };
  const { result, reasons } = simulate(loadScenario(presetFile("night-campaign")!), { observers: [observer] });
  expect(reasons).toEqual([]);
  expect(result.onts).toMatchObject({ total: 2048, committed: 1984 });
  const pending = result.ontResults.filter(({ outcome }) => outcome === "skipped");
  expect(new Set(pending.map(({ cause }) => cause))).toEqual(
    new Set(["nothing more: the campaign is over (it is offline)"]),
  );
  expect(restartsNs).toHaveLength(1984);
  expect(restartsNs.filter((ns) => ns < 2 * HOUR_NS || ns >= 5 * HOUR_NS)).toEqual([]);
  const byRoad = (road: string): number =>
    result.groups.reduce((sum, group) => sum + (group.road === road ? group.onts : 0), 0);
  expect([byRoad("omci"), byRoad("https"), byRoad("cwmp")]).toEqual([1872, 80, 32]);
});

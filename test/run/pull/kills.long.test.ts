/** kill -9 of the depot, or the ACS, and of all ONTs at random moments: nothing is lost, nothing told twice, and a block at most comes again. Short forms: https/processes.e2e.test.ts, cwmp/processes.e2e.test.ts. */
import { it } from "vitest";
import { leaveNothingBehind } from "../../e2e/harness.ts";
import { type KilledRoad, runKilled } from "./kills.ts";

leaveNothingBehind();

it.each<[KilledRoad, number]>([
  ["https", 1],
  ["https", 2],
  ["cwmp", 1],
  ["cwmp", 2],
])("%s, kills drawn from seed %i", async (road, seed) => {
  await runKilled({ road, seed, onts: 8, headendKills: 4, withinSeconds: 8 });
});

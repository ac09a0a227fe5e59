/** A whole run over a road, as a process of its own: where a test needs a network of its own. Prints what it came to as JSON. */
import { targetOf } from "../../conform/targets/index.ts";
import { roadOf } from "../../pon/bench/index.ts";
import { notPassed, runOverRoad } from "./lockstep.ts";

const [near, far, ...only] = process.argv.slice(2);
const target = targetOf(near, { timeScale: 1, sectionGapNs: 0 });
const { reports } = await runOverRoad((handlers) => roadOf(far)!.open("ont", handlers), target, {
  messageSet: "extended",
  only,
});
process.stdout.write(JSON.stringify({ cases: reports.length, notPassed: notPassed(reports) }));

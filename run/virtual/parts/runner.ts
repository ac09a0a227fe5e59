/** A run in virtual time on several threads, with the folder that every run leaves. */
import type { Scenario } from "../../../scenarios/index.ts";
import { planFleet } from "../../fleet/index.ts";
import { ownHostFacts } from "../../host.ts";
import { prepareImagesAside } from "../../images/index.ts";
import { RunRecorder } from "../../recorder/recorder.ts";
import type { RunOptions, RunOutcome } from "../../types.ts";
import { mergedTotals } from "../../result/port-totals.ts";
import { endTextOf, factsResult } from "../outcome.ts";
import { ViewRecorder } from "../recorder.ts";
import { endReasonOf, recordingOf } from "../recording.ts";
import { runInThreads, workerFile } from "./threads.ts";

/**
 * The same records and result as on one thread; they are written when all is over.
 *
 * @throws RunInputError when the run cannot start as asked
 * @throws RunStoppedError when a thread ended
 */
export async function runThreaded(scenario: Scenario, options: RunOptions): Promise<RunOutcome> {
  const file = workerFile(options.distFolder);
  const images = await prepareImagesAside(scenario);
  if (images.plan !== undefined) options.onPlan?.(images.plan);
  const plans = planFleet(scenario);
  const view = new ViewRecorder(scenario);
  const recorder = new RunRecorder(scenario, options, recordingOf(scenario));
  try {
    options.onView?.(view.of(0, mergedTotals([])));
    const { count, signal } = { count: options.threads ?? 1, signal: options.signal };
    const run = await runInThreads(scenario, { file, count, ...(signal && { signal }) }, (record) => {
      recorder.write(record);
      if (record.from === "ont") {
        const { serial } = plans[record.ont];
        view.ont(record.timeNs, { index: record.ont, config: { serial } }, record.event);
      } else if (record.from === "run") view.run(record.timeNs, record.event);
    });
    const { end, nowNs, totals, onts } = run;
    view.setPhase("verifying");
    options.onView?.(view.of(nowNs, totals));
    const expected = plans.map(({ expect }) => expect);
    const facts = { scenario, images, onts, expected, nowNs };
    const result = factsResult(facts, totals, endTextOf(end), options, ownHostFacts());
    const outcome = recorder.finish({ timeNs: nowNs, reason: endReasonOf(end), result });
    view.setPhase("ended");
    options.onView?.(view.of(nowNs, totals));
    return outcome;
  } finally {
    recorder.close();
  }
}

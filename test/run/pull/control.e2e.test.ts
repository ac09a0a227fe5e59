/** Commands to runs over HTTPS and TR-069 in real processes: paused while files come in, resumed, one ONT skipped; told once however often they are asked; what a headend cannot do is refused with why. */
import { expect, it } from "vitest";
import { journalOf, leaveNothingBehind, run } from "../../e2e/harness.ts";
import type { OltCommandOutcome } from "../../../olt/index.ts";
import type { Steering } from "../../../run/types.ts";

leaveNothingBehind();

it.each([
  [
    "https",
    { depot: { pollSeconds: 1, downloadBytesPerSecond: 400_000 } },
    {
      rate: "the depot's limits are those of the scenario",
      retry: "the depot takes nobody up again: ONTs ask by themselves until they have ended",
    },
  ],
  [
    "cwmp",
    { acs: { informSeconds: 5, downloadBytesPerSecond: 400_000 } },
    {
      rate: "the ACS's limits are those of the scenario",
      retry: "the ACS takes nobody up again: ONTs ask by themselves until they have ended",
    },
  ],
])("pause, skip and resume act on downloads under way, over %s", async (road, headend, refused) => {
  const outcomes: OltCommandOutcome[] = [];
  let steering: Steering | undefined;
  let hasPaused = false;
  let wasPaused: boolean | undefined;
  const steer = async ({ command, view }: Steering): Promise<void> => {
    outcomes.push(await command({ kind: "pause", id: "p", by: "test" }));
    wasPaused = view().olt?.control.paused;
    outcomes.push(await command({ kind: "pause", id: "p", by: "test" }));
    outcomes.push(await command({ kind: "skip", onuId: 1, by: "test" }));
    outcomes.push(await command({ kind: "rate", bitsPerSecond: 1000, by: "test" }));
    outcomes.push(await command({ kind: "retry", onuId: 0, by: "test" }));
    outcomes.push(await command({ kind: "resume", by: "test" }));
  };
  const outcome = await run(
    {
      road,
      onts: 3,
      ontsPerProcess: 3,
      image: { bytes: 1_500_000 },
      ...headend,
      fleet: [{ count: 1 }, { count: 1, expect: "skipped" }, {}],
    },
    {
      onSteering: (given) => (steering = given),
      onView: ({ olt }) => {
        if (hasPaused || steering === undefined || (olt?.bytesDone ?? 0) < 100_000) return;
        hasPaused = true;
        void steer(steering);
      },
    },
  );
  expect([outcome.reasons, wasPaused]).toEqual([[], true]);
  expect(outcomes.map(({ accepted }) => accepted)).toEqual([true, true, true, false, false, true]);
  const { image, groups, ontResults } = outcome.result;
  expect(ontResults[1]).toMatchObject({ outcome: "skipped", cause: "skipped by the operator" });
  expect(groups[0].copies * image.bytes).toBeLessThanOrEqual(3 * (image.bytes + 512 * 1024));
  const commands = (await journalOf(outcome)).flatMap(({ event }) => (event.type === "command" ? [event] : []));
  expect(commands).toMatchObject([
    { command: "pause", by: "test", id: "p", refused: "" },
    { command: "skip", onuId: 1, refused: "" },
    { command: "rate", refused: refused.rate },
    { command: "retry", refused: refused.retry },
    { command: "resume", refused: "" },
  ]);
});

/** Many real processes at once; fewer of them in distribution.test.ts. */
import { expect, it } from "vitest";
import { expectAllCommitted, leaveNothingBehind, run } from "./harness.ts";

leaveNothingBehind();

it("an image reaches 32 ONT processes at once, with 1 % of the frames lost each way", async () => {
  const outcome = await run({
    onts: 32,
    image: { bytes: 512 * 1024 },
    impairments: [{ kind: "loss", chance: 0.01 }],
  });
  expectAllCommitted(outcome);
  expect(outcome.result.ontResults.reduce((sum, ont) => sum + ont.sectionsLost, 0)).toBeGreaterThan(0);
});

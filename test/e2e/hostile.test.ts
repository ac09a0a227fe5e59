/** A third process beside a real run: forged, replayed and random datagrams to the group and to every port. */
import { describe, expect, it } from "vitest";
import { planFleet } from "../../run/fleet/plan.ts";
import { Attack, arsenalFor, targetsOf } from "../support/attack.ts";
import { childrenOf } from "../support/children.ts";
import { expectAllCommitted, journalOf, leaveNothingBehind, run, scenarioOf, until } from "./harness.ts";

leaveNothingBehind();

/** Some seconds of download, so that there is something to disturb. */
const FIELDS = {
  onts: 4,
  image: { bytes: 512 * 1024 },
  olt: { windowSections: 32, rateBytesPerSecond: 150_000 },
};
const RATE_PER_SECOND = 1500;

describe("a hostile neighbour", () => {
  it("ends, restarts and delays nobody, and is counted", async () => {
    const ending = run(FIELDS);
    const targets = await until(() => {
      const [olt] = childrenOf(process.pid, "olt");
      const onts = childrenOf(process.pid, "ont");
      return olt !== undefined && onts.length === FIELDS.onts ? targetsOf(olt, onts) : undefined;
    });
    const serials = planFleet(scenarioOf(FIELDS)).map(({ serial }) => serial);
    const attack = new Attack(targets, arsenalFor(serials), RATE_PER_SECOND);
    const outcome = await ending;
    const { datagrams } = await attack.stop();
    expectAllCommitted(outcome);
    expect(datagrams).toBeGreaterThan(RATE_PER_SECOND);
    const journal = await journalOf(outcome);
    for (const index of serials.keys()) {
      // Down and up once each: for the new image.
      const down = journal.filter(
        (record) => record.from === "ont" && record.ont === index && record.event.type === "offline",
      );
      expect(down.map(({ event }) => event)).toEqual([expect.objectContaining({ reason: "activate" })]);
    }
    expect(outcome.result.host).toMatchObject({ ontProcessRestarts: 0, oltProcessRestarts: 0 });
    expect(outcome.result.downstream.imageCopies).toBeLessThan(1.1);
    // Told in few words, and in full.
    const drops = journal.flatMap(({ from, event }) => (from !== "agent" && event.type === "dropped" ? [event] : []));
    const sum = drops.reduce((all, { count = 1 }) => all + count, 0);
    expect(sum).toBeGreaterThan(datagrams / 10);
    expect(drops.length).toBeLessThan(200);
    // A busy machine's own late answers are dropped as well.
    const causes = drops.map(({ cause }) => cause);
    expect(causes).toEqual(expect.arrayContaining(["not-sealed", "bad-seal", "other-flow"]));
  });
});

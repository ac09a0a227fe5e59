/** An operator takes ONTs up again, and has the next stage of a rollout begin before its time. */
import { describe, expect, it } from "vitest";
import { ms } from "../ont/bench.ts";
import { type Fleet, makeFleet } from "../support/fleet.ts";
import { command, commands, phases, until } from "./control-hands.ts";
import { expectAllCommitted, outcomes } from "./hands.ts";

const groupsOf = ({ pon }: Fleet) => pon.olt.status().groups.map(({ why, onts }) => `${why} ${onts}`);
/** Activations and commits, in their order. */
const activations = ({ pon }: Fleet): string[] =>
  pon.oltEvents.flatMap((event) =>
    event.type === "phase" && (event.phase === "activating" || event.phase === "committed")
      ? [`${event.phase} ${event.onuId}`]
      : [],
  );

describe("retry", () => {
  it("downloads one again that was skipped, as one that comes late", () => {
    const fleet = makeFleet({ imageBytes: 60_000 });
    until(fleet, "downloading");
    const [, { serial }] = fleet.pon.onts;
    command(fleet, { kind: "skip", serial });
    fleet.pon.run(() => phases(fleet)[1] === "skipped");
    expect(command(fleet, { kind: "retry", serial, by: "somebody", id: "7" })).toEqual({ accepted: true });
    expect(command(fleet, { kind: "retry", serial, id: "7" })).toEqual({ accepted: true });
    fleet.pon.run();
    expectAllCommitted(fleet);
    const told = commands(fleet).filter((each) => each.command === "retry");
    expect(told).toEqual([{ type: "command", command: "retry", onuId: 1, by: "somebody", id: "7", refused: "" }]);
  });

  it("shares one pass among several, as a catch-up group does", () => {
    const fleet = makeFleet({ onts: 6, imageBytes: 60_000, olt: { soakNs: 5e9 } });
    until(fleet, "downloading");
    for (const onuId of [1, 3, 4]) command(fleet, { kind: "skip", onuId });
    until(fleet, "soaking");
    for (const onuId of [1, 3, 4]) expect(command(fleet, { kind: "retry", onuId })).toEqual({ accepted: true });
    fleet.pon.run();
    expectAllCommitted(fleet);
    expect(groupsOf(fleet)).toEqual(["first 6", "catchUp 3"]);
  });

  it("activates one that was rolled back once more, and its stage does not wait for it", () => {
    const fleet = makeFleet({
      imageBytes: 30_000,
      olt: { soakNs: 300e9 },
      ont: (index) => (index === 2 ? { boot: { kind: "hangs" } } : {}),
    });
    fleet.pon.run(() => phases(fleet)[2] === "rolledBack");
    expect(command(fleet, { kind: "retry", onuId: 2 })).toEqual({ accepted: true });
    expect(phases(fleet)[2]).toBe("discovering");
    fleet.pon.run();
    // Its image is the same, and boots no more than before.
    expect(outcomes(fleet)[2]).toContain("rolledBack");
    expect(phases(fleet).filter((phase) => phase === "committed")).toHaveLength(3);
    expect(fleet.pon.onts[2].events.filter(({ type }) => type === "bootFailed")).toHaveLength(6);
  });

  it("is refused for one on its way, one that is done, one without signal, one that nobody knows", () => {
    const fleet = makeFleet({ imageBytes: 20_000, olt: { canary: 1, wave: 1, soakNs: 500 * ms } });
    until(fleet, "committed");
    const reasonOf = (onuId: number) => command(fleet, { kind: "retry", onuId });
    const refused = (reason: string) => ({ accepted: false, reason });
    expect(reasonOf(0)).toEqual(refused("ONT with ONU-ID 0 is committed already"));
    expect(reasonOf(1)).toEqual(refused("ONT with ONU-ID 1 is on its way"));
    expect(reasonOf(9)).toEqual(refused("no ONT with ONU-ID 9 is here"));
    command(fleet, { kind: "skip", onuId: 3 });
    fleet.pon.run(() => phases(fleet)[3] === "skipped");
    fleet.pon.powerOff(fleet.pon.onts[3]);
    expect(reasonOf(3)).toEqual(refused("ONT with ONU-ID 3 gives no signal"));
    fleet.pon.run();
    expect(reasonOf(1)).toEqual(refused("the OLT is done"));
  });
});

describe("release", () => {
  it("begins the next wave while the one before is on trial, and the one behind it waits", () => {
    const fleet = makeFleet({ onts: 5, olt: { canary: 1, wave: 2, soakNs: 5e9 } });
    until(fleet, "soaking");
    expect(phases(fleet)).toEqual(["soaking", "stored", "stored", "stored", "stored"]);
    expect(command(fleet, { kind: "release", id: "r", by: "somebody" })).toEqual({ accepted: true });
    expect(phases(fleet)).toEqual(["soaking", "activating", "activating", "stored", "stored"]);
    // The same once more is no other wave.
    expect(command(fleet, { kind: "release", id: "r" })).toEqual({ accepted: true });
    expect(phases(fleet).filter((phase) => phase === "stored")).toHaveLength(2);
    fleet.pon.run();
    expectAllCommitted(fleet);
    const order = activations(fleet);
    expect(order.indexOf("activating 2")).toBeLessThan(order.indexOf("committed 0"));
    expect(order.indexOf("activating 3")).toBeGreaterThan(order.indexOf("committed 2"));
    expect(commands(fleet)).toEqual([
      { type: "command", command: "release", onuId: -1, by: "somebody", id: "r", refused: "" },
    ]);
  });

  it("does not wait for those who still download", () => {
    const fleet = makeFleet({ onts: 3, imageBytes: 60_000, olt: { mode: "unicast", concurrency: 1 } });
    until(fleet, "stored");
    expect(phases(fleet)).not.toContain("activating");
    expect(command(fleet, { kind: "release" })).toEqual({ accepted: true });
    expect(phases(fleet)[0]).toBe("activating");
    fleet.pon.run();
    expectAllCommitted(fleet);
    expect(activations(fleet).indexOf("committed 0")).toBeLessThan(activations(fleet).indexOf("activating 2"));
  });

  it.each([false, true])(
    "takes one that was lost in its wave and is back in the next one, which an operator releases: %s",
    (isReleased) => {
      const fleet = makeFleet({ onts: 2, olt: { soakNs: 300e9 } });
      const [, lost] = fleet.pon.onts;
      until(fleet, "rebooting");
      fleet.pon.powerOff(lost);
      fleet.pon.run(() => phases(fleet)[1] === "failed");
      expect(phases(fleet)).toEqual(["soaking", "failed"]);
      fleet.pon.powerOn(lost);
      fleet.pon.run(() => phases(fleet)[1] === "stored");
      if (isReleased) {
        expect(command(fleet, { kind: "release" })).toEqual({ accepted: true });
        expect(phases(fleet)).toEqual(["soaking", "activating"]);
      }
      fleet.pon.run();
      expectAllCommitted(fleet);
    },
  );

  it("ends a rollout whose waves fail as any other: both are under way, and no more begin", () => {
    const fleet = makeFleet({
      onts: 6,
      olt: { canary: 1, wave: 2, failureThreshold: 0.4 },
      ont: (index) => (index === 0 ? { boot: { kind: "crashes" } } : {}),
    });
    until(fleet, "rebooting");
    expect(command(fleet, { kind: "release" })).toEqual({ accepted: true });
    fleet.pon.run();
    expect(phases(fleet)).toEqual(["rolledBack", "committed", "committed", "stored", "stored", "stored"]);
    expect(fleet.pon.olt.status().stopReason).toMatch(/^canary: 1 of 1 failed/);
  });

  it("is refused where nobody waits, while paused, and where nothing is activated", () => {
    const fleet = makeFleet({ imageBytes: 20_000, olt: { soakNs: 500 * ms } });
    const release = (of: Fleet) => command(of, { kind: "release" });
    const nobody = { accepted: false, reason: "no ONT has its image stored and waits for its wave" };
    expect(release(fleet)).toEqual(nobody);
    until(fleet, "soaking");
    expect(release(fleet)).toEqual(nobody);
    command(fleet, { kind: "pause" });
    expect(release(fleet)).toEqual({ accepted: false, reason: "it is paused: resume first" });
    const onlyStored = makeFleet({ imageBytes: 20_000, olt: { activate: false } });
    until(onlyStored, "downloading");
    expect(release(onlyStored)).toEqual({ accepted: false, reason: "this run activates nothing" });
  });
});

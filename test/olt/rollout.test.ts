/** Activation in stages: roll-back, canaries, waves, and power cuts at any moment. */
import { describe, expect, it, vi } from "vitest";
import { decodeMessage } from "../../omci/index.ts";
import { createStream } from "../../pon/random.ts";
import { ms } from "../ont/bench.ts";
import { addOnt, committedBytes, makeFleet } from "../support/fleet.ts";

const phases = (fleet: ReturnType<typeof makeFleet>): string[] => fleet.pon.olt.status().onts.map((ont) => ont.phase);
const causes = (fleet: ReturnType<typeof makeFleet>): string[] => fleet.pon.olt.status().onts.map((ont) => ont.cause);

describe("rollout", () => {
  it("rolls an ONT back whose new image never boots, after three attempts; the others commit", () => {
    const fleet = makeFleet({ ont: (index) => (index === 2 ? { boot: { kind: "hangs" } } : {}) });
    const before = fleet.pon.onts[2].slots[fleet.pon.onts[2].record.committed];
    fleet.pon.run();
    expect(phases(fleet)).toEqual(["committed", "committed", "rolledBack", "committed"]);
    expect(causes(fleet)[2]).toBe("the new image did not boot; runs FACTORY again");
    const bad = fleet.pon.onts[2];
    expect(bad.events.filter((event) => event.type === "bootFailed")).toHaveLength(3);
    expect(bad.slots[bad.record.committed]).toEqual(before);
  });

  it("stops after the canary when it fails, and says why", () => {
    const fleet = makeFleet({
      onts: 6,
      olt: { canary: 2, failureThreshold: 0.4 },
      ont: () => ({ boot: { kind: "crashes" } }),
    });
    fleet.pon.run();
    expect(phases(fleet)).toEqual(["rolledBack", "rolledBack", "stored", "stored", "stored", "stored"]);
    expect(fleet.pon.olt.status().phase).toBe("stopped");
    expect(fleet.pon.olt.status().stopReason).toMatch(/^canary: 2 of 2 failed, more than 40 % allowed/);
    const activated = fleet.pon.onts.filter((ont) => ont.events.some((event) => event.type === "offline"));
    expect(activated.map((ont) => ont.onuId)).toEqual([0, 1]);
  });

  it("goes on behind a canary within its threshold, in waves", () => {
    const fleet = makeFleet({ onts: 7, olt: { canary: 1, wave: 2, failureThreshold: 0.5 } });
    fleet.pon.run();
    expect(new Set(phases(fleet))).toEqual(new Set(["committed"]));
    const order = fleet.pon.oltEvents.filter(
      (event) => event.type === "phase" && (event.phase === "activating" || event.phase === "committed"),
    );
    // Nobody of a later stage is activated before all of the one before it are committed.
    const names = order.map((event) => (event.type === "phase" ? `${event.phase} ${event.onuId}` : ""));
    expect(names.indexOf("activating 1")).toBeGreaterThan(names.indexOf("committed 0"));
    expect(names.indexOf("activating 3")).toBeGreaterThan(names.indexOf("committed 2"));
    expect(names.indexOf("activating 5")).toBeGreaterThan(names.indexOf("committed 4"));
  });

  it("leaves the image active, stored or committed as it is told", () => {
    const trial = makeFleet({ olt: { commit: false } });
    trial.pon.run();
    expect(new Set(phases(trial))).toEqual(new Set(["trial"]));
    for (const ont of trial.pon.onts)
      expect(ont.core.snapshot().flags.filter((flags) => flags.active && !flags.committed)).toHaveLength(1);
    const stored = makeFleet({ olt: { activate: false } });
    stored.pon.run();
    expect(new Set(phases(stored))).toEqual(new Set(["stored"]));
  });

  it("serves one ONT that joins late, alone", () => {
    const fleet = makeFleet({ onts: 3, imageBytes: 40_000 });
    let joined = false;
    fleet.pon.run(() => {
      if (!joined && fleet.pon.olt.status().counters.windows > 3) {
        joined = true;
        addOnt(fleet.pon, 3, {});
      }
      return false;
    });
    expect(phases(fleet)).toEqual(["committed", "committed", "committed", "committed"]);
    expect(fleet.pon.downstream.some(({ to, pdu }) => to === 3 && (pdu[2] & 0x1f) === 20)).toBe(true);
    expect(Buffer.compare(committedBytes(fleet.pon.onts[3]), fleet.image)).toBe(0);
  });

  it("finishes whatever the moment at which an ONT loses its power", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const stream = createStream(seed, "power");
      const fleet = makeFleet({ onts: 4, imageBytes: 30_000 });
      const cutAt = Math.floor(stream.nextFloat() * 3500) * ms;
      let state: "on" | "off" | "back" = "on";
      fleet.pon.run(() => {
        const victim = fleet.pon.onts[1];
        if (state === "on" && fleet.pon.nowNs >= cutAt) {
          state = "off";
          fleet.pon.powerOff(victim);
        } else if (state === "off" && fleet.pon.nowNs >= cutAt + 300 * ms) {
          state = "back";
          fleet.pon.powerOn(victim);
        }
        return false;
      });
      expect(phases(fleet), `seed ${seed}`).toEqual(["committed", "committed", "committed", "committed"]);
      expect(Buffer.compare(committedBytes(fleet.pon.onts[1]), fleet.image), `seed ${seed}`).toBe(0);
    }
  });

  it("activates again an ONT that lost its power while the new image ran, though it cannot tell why it runs the old one", () => {
    for (const phase of ["soaking", "committing"]) {
      const fleet = makeFleet({ onts: 2, olt: { mode: "unicast" }, ont: () => ({ recoveryAware: false }) });
      const victim = fleet.pon.onts[1];
      let wasCut = false;
      fleet.pon.run(() => {
        if (wasCut || phases(fleet)[1] !== phase) return false;
        wasCut = true;
        fleet.pon.powerOff(victim);
        fleet.pon.powerOn(victim);
        return false;
      });
      expect(wasCut, phase).toBe(true);
      expect(causes(fleet), phase).toEqual(["", ""]);
      expect(phases(fleet), phase).toEqual(["committed", "committed"]);
      expect(Buffer.compare(committedBytes(victim), fleet.image)).toBe(0);
    }
  });

  it("commits no image that has stopped running, though nobody saw the ONT go and come back during the soak", () => {
    const fleet = makeFleet({ onts: 1, olt: { soakNs: 60_000 * ms } });
    const { olt, onts, downstream } = fleet.pon;
    const unseen = [vi.spyOn(olt, "handleLinkLost"), vi.spyOn(olt, "handleRanged")];
    let wasCut = false;
    fleet.pon.run(() => {
      const [phase] = phases(fleet);
      if (!wasCut && phase === "soaking") {
        wasCut = true;
        for (const spy of unseen) spy.mockImplementation(() => undefined);
        fleet.pon.powerOn(onts[0]);
      } else if (wasCut && phase !== "soaking") {
        for (const spy of unseen) spy.mockRestore();
      }
      return false;
    });
    const asked = downstream.map(({ pdu }) => decodeMessage(pdu)).map((read) => (read.ok ? read.message.type : ""));
    expect(asked.filter((type) => type === "activateImageRequest" || type === "commitImageRequest")).toEqual([
      "activateImageRequest",
      "activateImageRequest",
      "commitImageRequest",
    ]);
    expect(causes(fleet)).toEqual([""]);
    expect(phases(fleet)).toEqual(["committed"]);
    expect(Buffer.compare(committedBytes(onts[0]), fleet.image)).toBe(0);
  });

  it("gives an image a second chance at an ONT that cannot tell why it runs the old one; a bad image uses it up", () => {
    const plain = { onts: 2, olt: { mode: "unicast" as const } };
    const cut = makeFleet({ ...plain, ont: () => ({ recoveryAware: false }) });
    const victim = cut.pon.onts[1];
    let wasCut = false;
    cut.pon.run(() => {
      // In the middle of the boot: nobody has seen the new image run.
      if (wasCut || victim.core.snapshot().state !== "rebooting" || phases(cut)[1] !== "rebooting") return false;
      wasCut = true;
      for (let cuts = 0; cuts < 3; cuts++) cut.pon.powerOn(victim);
      return false;
    });
    expect(wasCut).toBe(true);
    expect(phases(cut)).toEqual(["committed", "committed"]);
    const cutAgain = makeFleet({ ...plain, ont: () => ({ recoveryAware: false }) });
    const unlucky = cutAgain.pon.onts[1];
    let cuts = 0;
    cutAgain.pon.run(() => {
      // Once in each of its two trials, in the middle of the boot.
      const isOnTrial = unlucky.record.trial?.attempts === 1 && unlucky.core.snapshot().state === "rebooting";
      if (isOnTrial && cuts++ < 2) cutAgain.pon.powerOn(unlucky);
      return false;
    });
    expect(cuts).toBe(2);
    expect(phases(cutAgain)).toEqual(["committed", "rolledBack"]);
    expect(causes(cutAgain)[1]).toBe("2 trials ended, the ONT cannot tell why; runs FACTORY again");
    const bad = makeFleet({ ...plain, ont: (index) => ({ boot: { kind: index === 1 ? "crashes" : "boots" } }) });
    bad.pon.run();
    expect(phases(bad)).toEqual(["committed", "rolledBack"]);
    expect(bad.pon.onts[1].events.filter(({ type }) => type === "bootFailed")).toHaveLength(6);
  });

  it("gives an ONT up that loses its power in each of four trials", () => {
    const fleet = makeFleet({ onts: 1 });
    const [victim] = fleet.pon.onts;
    let cuts = 0;
    let isArmed = false;
    fleet.pon.run(() => {
      const [phase] = phases(fleet);
      isArmed ||= phase === "activating";
      if (!isArmed || phase !== "soaking") return false;
      isArmed = false;
      cuts++;
      fleet.pon.powerOff(victim);
      fleet.pon.powerOn(victim);
      return false;
    });
    expect(cuts).toBe(4);
    expect(causes(fleet)).toEqual(["the trial was cut off 4 times"]);
    expect(phases(fleet)).toEqual(["rolledBack"]);
  });

  it("is finished by a second OLT when the first one is gone", () => {
    for (const stopAfterNs of [5, 20, 60, 700, 2600].map((time) => time * ms)) {
      const first = makeFleet({ imageBytes: 60_000 });
      first.pon.run(() => first.pon.nowNs >= stopAfterNs);
      const second = makeFleet({ imageBytes: 60_000 });
      second.pon.nowNs = first.pon.nowNs;
      second.pon.onts.splice(0);
      for (const ont of first.pon.onts) {
        second.pon.onts.push(ont);
        if (ont.core.snapshot().online) {
          ont.core.handleRanged(second.pon.nowNs, ont.onuId);
          second.pon.olt.handleRanged(second.pon.nowNs, ont.onuId, ont.serial);
        }
      }
      second.pon.run();
      const done = new Set(["committed", "skipped"]);
      expect(
        phases(second).every((phase) => done.has(phase)),
        `${stopAfterNs}: ${phases(second).join()} ${causes(second).join()}`,
      ).toBe(true);
      for (const ont of second.pon.onts) expect(Buffer.compare(committedBytes(ont), second.image)).toBe(0);
    }
  });
});

/** Every rule for virtual runs sees what it is there for, when something is broken on purpose. */
import { describe, expect, it } from "vitest";
import type { Ont, OntSnapshot } from "../../../ont/core/types.ts";
import { checkedSimulation, type Rule, Violation } from "../../../study/rules/index.ts";
import { PaceCheck } from "../../../study/rules/pace-check.ts";
import { IdenticalCheck, RunningCheck } from "../../../study/rules/image-checks.ts";
import { type Observer, prepareImages, Simulation } from "../../../run/virtual/index.ts";
import { STAGING } from "../../../ont/index.ts";
import { EVENT } from "../../../run/virtual/events.ts";
import type { VirtualOnt } from "../../../run/virtual/virtual-ont.ts";
import { smallScenario } from "./small-scenario.ts";

/** Runs a small update with something broken on purpose. @returns what the checks said of it */
function broken(observer: Observer | ((simulation: () => Simulation) => Observer), change: object = {}): Violation {
  const scenario = smallScenario(change);
  const simulationOf = (): Simulation => checked.simulation;
  const observers = [typeof observer === "function" ? observer(simulationOf) : observer];
  const checked = checkedSimulation(scenario, prepareImages(scenario), { observers });
  try {
    checked.simulation.run();
    checked.finish();
  } catch (error) {
    if (error instanceof Violation) return error;
    throw error;
  }
  throw new Error("nothing was noticed");
}

const rule = (violation: Violation): Rule => violation.rule;

/** Does something once, as soon as it can be done. */
function once(attempt: (ont: VirtualOnt, nowNs: number) => boolean): Observer {
  let isDone = false;
  return {
    step: (nowNs, ont) => {
      if (!isDone && ont.core !== null) isDone = attempt(ont, nowNs);
    },
  };
}

/** A core that says something else of itself. */
function lying(core: Ont, change: (truth: OntSnapshot) => Partial<OntSnapshot>): Ont {
  return new Proxy(core, {
    get: (target, name: keyof Ont) => {
      if (name === "snapshot") return () => ({ ...target.snapshot(), ...change(target.snapshot()) });
      return target[name].bind(target);
    },
  });
}

const tamper = (ont: VirtualOnt, slot: 0 | 1, atBytes: number): void => {
  const [byte] = ont.flash.slots[slot].read(atBytes + 1).subarray(atBytes);
  ont.flash.slots[slot].write(atBytes, 1, Buffer.from([byte ^ 1]), 0);
};

describe("checks of a virtual run", () => {
  it("find nothing wrong with one that is not broken", () => {
    const scenario = smallScenario();
    const checked = checkedSimulation(scenario, prepareImages(scenario));
    const { simulation } = checked;
    simulation.run();
    checked.finish();
    expect(simulation.end).toBe("finished");
    for (const ont of simulation.onts) expect(ont.core?.snapshot().state).toBe("committed");
  });

  it("say when, where, which rule and what was seen", () => {
    const violation = broken(once((ont) => ont.index === 2 && (tamper(ont, ont.activeSlot, 100), true)));
    expect(violation.message).toMatch(
      /^an image is valid only .*: at 0\.\d{9} s, ONT 2: slot 0 is valid as PONCAST-1\.0\.0, but holds no image that is: byte 100 is 0x[0-9a-f]{2}, not 0x[0-9a-f]{2}$/,
    );
  });

  it("valid: one bit of an image that is marked valid", () => {
    const flipsNewImage: Observer = {
      flash: (_nowNs, ont, job) => {
        const newSlot = ont.plan.slot === 0 ? 1 : 0;
        if (ont.index === 1 && job.kind === "syncSlot") tamper(ont, newSlot, 5000);
      },
    };
    expect(rule(broken(flipsNewImage))).toBe("valid");
  });

  it("valid: an image that has to be refused, however well it is stored", () => {
    // What an ONT would do that looked at no signature.
    const trustsAll: Observer = {
      step: (_nowNs, ont) => {
        if (ont.core === null || ont.index !== 0) return;
        const { images } = checkedImages;
        const record = ont.flash.readRecord();
        const { bytes, facts } = images;
        const image = { ...ont.factory.image, imageBytes: bytes.length, crc32: facts.crc32, sha256: facts.sha256 };
        const slot = ont.plan.slot === 0 ? 1 : 0;
        const content = ont.flash.slots[slot];
        if (record.sequence > 1 || content.lengthBytes > 0) return;
        content.write(0, bytes.length, content.capture(0, bytes), 0);
        const slots: typeof record.slots = slot === 1 ? [record.slots[0], image] : [image, record.slots[1]];
        const operation = { kind: "writeBootRecord" as const, id: 0, record: { ...record, sequence: 2, slots } };
        ont.flash.carryOut(ont.flash.accept(operation), 1);
      },
    };
    const scenario = smallScenario({ image: { bytes: 20_000, fault: "wrongKey" } });
    const checkedImages = { images: prepareImages(scenario) };
    const { simulation } = checkedSimulation(scenario, checkedImages.images, { observers: [trustsAll] });
    expect(() => simulation.run()).toThrow(/valid with the image sent, which has to be refused: untrusted-signature/);
  });

  it("flags: two images committed", () => {
    const both = once((ont) => {
      ont.core = lying(ont.core!, ({ flags }) => ({
        flags: [
          { ...flags[0], committed: true },
          { ...flags[1], committed: true },
        ],
      }));
      return true;
    });
    const violation = broken(both);
    expect([rule(violation), violation.seen]).toEqual(["flags", "2 images are committed"]);
  });

  it("flags: two images active, and none in an ONT that is up", () => {
    const saying = (active: boolean): Observer =>
      once((ont) => {
        if (!ont.core!.snapshot().online) return false;
        ont.core = lying(ont.core!, ({ flags }) => ({
          flags: [
            { ...flags[0], active },
            { ...flags[1], active },
          ],
        }));
        return true;
      });
    expect(broken(saying(true)).seen).toBe("2 images are active");
    expect(broken(saying(false)).seen).toBe("0 images are active");
  });

  it("active: an image runs that is not valid", () => {
    const runsInvalid = once((ont) => {
      if (!ont.core!.snapshot().online) return false;
      ont.core = lying(ont.core!, ({ flags }) => ({
        flags: [
          { ...flags[0], valid: false },
          { ...flags[1], valid: false },
        ],
      }));
      return true;
    });
    expect(rule(broken(runsInvalid))).toBe("active");
  });

  it("bootable: both banks of the boot record are torn", () => {
    const tearsBoth = once((ont) => {
      const write = { kind: "writeBootRecord" as const, id: 0, record: ont.flash.readRecord() };
      const job = ont.flash.accept(write);
      ont.flash.carryOut({ ...job, record: undefined }, 1);
      ont.flash.carryOut({ ...job, record: undefined }, 1);
      return true;
    });
    expect(broken(tearsBoth).message).toMatch(/ONT always has an image to boot: .*no boot record is whole$/);
  });

  it("bootable: the committed image is not valid, or is erased", () => {
    const withdraws = once((ont) => {
      const record = ont.flash.readRecord();
      const write = {
        kind: "writeBootRecord" as const,
        id: 0,
        record: { ...record, sequence: 9, slots: [null, null] as [null, null] },
      };
      ont.flash.carryOut(ont.flash.accept(write), 1);
      return true;
    });
    expect(broken(withdraws).seen).toMatch(/is committed, but not valid$/);
    const images = prepareImages(smallScenario());
    const { simulation } = checkedSimulation(smallScenario(), images);
    simulation.run(50);
    const [ont] = simulation.onts;
    ont.flash.slots[ont.plan.slot].erase(Infinity);
    expect(() => simulation.run()).toThrow(/holds no image that is: byte 0 is 0xff/);
  });

  it("running: a section goes into the slot that runs", () => {
    const check = new RunningCheck();
    const scenario = smallScenario();
    const astray: Observer = {
      flash: (nowNs, ont, job) => {
        const slot = ont.index === 2 && job.kind === "writeSlot" ? ont.activeSlot : job.slot;
        check.flash(nowNs, ont, { ...job, slot });
      },
    };
    const simulation = new Simulation(scenario, prepareImages(scenario), { observers: [astray] });
    expect(() => simulation.run()).toThrow(/never written: at .*, ONT 2: writeSlot in slot [01]/);
  });

  it("identical: one ONT holds other bytes under the same version", () => {
    // This check alone: the one for valid images would be faster.
    const scenario = smallScenario();
    const images = prepareImages(scenario);
    const check = new IdenticalCheck(images);
    const flips: Observer = {
      flash: (_nowNs, ont, job) => {
        if (ont.index === 3 && job.kind === "syncSlot" && job.slot !== STAGING) tamper(ont, job.slot, 7);
      },
    };
    const simulation = new Simulation(scenario, images, { observers: [flips, check] });
    expect(() => simulation.run()).toThrow(/same bytes: .*ONT 3: slot [01] holds [0-9a-f]{16}…, ONT [012] holds/);
    const later = new Simulation(scenario, images, { observers: [] });
    later.run();
    const finish = new IdenticalCheck(images);
    finish.finish(later.nowNs, later.onts);
    tamper(later.onts[2], later.onts[2].flash.readRecord().committed, 7);
    expect(() => finish.finish(later.nowNs, later.onts)).toThrow(/ONT 2: slot/);
  });

  it("pace: sections leave faster than the line, and faster than the budget", () => {
    // Every run of sections is shown to the check so many times, as if an OLT had sent it so often.
    const repeats = (times: number, change: object): string => {
      const scenario = smallScenario(change);
      const check = new PaceCheck(scenario, () => simulation);
      const sections: Observer["sections"] = (...sent) => {
        for (let time = 0; time < times; time++) check.sections(...sent);
      };
      const simulation = new Simulation(scenario, prepareImages(scenario), { observers: [{ sections }] });
      try {
        simulation.run();
        return "nothing";
      } catch (error) {
        if (error instanceof Violation) return error.seen;
        throw error;
      }
    };
    const slow = { olt: { windowSections: 8, rateBytesPerSecond: 1_000_000 } };
    const fed = { image: { bytes: 100_000 }, pon: { headendBitsPerSecond: 20e6 } };
    expect([repeats(1, {}), repeats(1, slow), repeats(1, fed)]).toEqual(["nothing", "nothing", "nothing"]);
    expect(repeats(100, {})).toMatch(/too much for the line's queue$/);
    expect(repeats(2, slow)).toMatch(/too much for the OMCC budget$/);
    expect(repeats(2, fed)).toMatch(/too much for the feed's queue$/);
  });

  it("bounds: events, frames, flash operations, deadlines", () => {
    const events = broken((simulation) => ({
      step: (nowNs) => {
        for (let count = 0; count < 10_000; count++) simulation().queue.schedule(nowNs + 1e9, EVENT.signalLost, 0);
      },
    }));
    expect([rule(events), events.place]).toEqual(["bounds", "the run"]);
    const frames = once((ont) => ((ont.upstreamFrames = 1000), true));
    expect(broken(frames).seen).toBe("1000 frames wait upstream; at most 256");
    const flash = once((ont) => {
      const job = ont.flash.accept({ kind: "syncSlot", id: 0, slot: 1, imageBytes: 1 });
      ont.flashJobs = Array.from({ length: 2000 }, () => job);
      return true;
    });
    expect(broken(flash).seen).toMatch(/^2000 flash operations wait; at most \d+$/);
    const timer = once((ont) => {
      const { core } = ont;
      ont.core = new Proxy(core!, {
        get: (target, name: keyof Ont) => (name === "nextTimeoutNs" ? () => 1e15 : target[name].bind(target)),
      });
      return true;
    });
    expect(broken(timer).seen).toMatch(/^a deadline at 1000000000000000 ns; at most/);
  });
});

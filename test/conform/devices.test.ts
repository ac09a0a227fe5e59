/** The tester with devices as they are met: refusing, restarting unseen, dying, and with less than it would like. */
import { describe, expect, it } from "vitest";
import { MT, ONU_DATA } from "../../omci/index.ts";
import { catalogue } from "../../conform/core/catalogue/index.ts";
import type { CaseReport } from "../../conform/core/outcome.ts";
import { type CaseRunOptions, runCases } from "../../conform/core/runner.ts";
import { selectCases } from "../../conform/core/select.ts";
import type { Target, Transport } from "../../conform/core/transport.ts";
import { selfImages } from "../../conform/targets/self.ts";
import { type Fault, faultyTarget, withoutTrailer } from "./faults.ts";

const images = selfImages();
const NOT_SUPPORTED = 2;

/** Answers in the ONT's place. */
function instead(reply: (frame: Uint8Array) => void, frame: Uint8Array): undefined {
  reply(frame);
  return undefined;
}

/** One ONT through all cases, as a device is. */
const device = (fault: Fault, of: Partial<Transport> = {}): Target => {
  const target = faultyTarget(images, fault);
  return {
    ...target,
    isFreshEachCase: false,
    open: async () => {
      const transport = await target.open();
      for (const [name, value] of Object.entries(of)) Object.defineProperty(transport, name, { value, writable: true });
      return transport;
    },
  };
};

const run = (target: Target, only: string[], more: Partial<CaseRunOptions> = {}): Promise<CaseReport[]> => {
  const cases = selectCases(catalogue, { only, skip: [], messageSet: "baseline" });
  return runCases(cases, { target, messageSet: "baseline", image: images.image, ...more });
};
const ends = (reports: readonly CaseReport[]): unknown[] =>
  reports.map(({ id, verdict, cause, fault }) => [id, verdict, cause ?? fault?.text]);

describe("an ONT that is left on trial", () => {
  const refusing = (...types: readonly number[]): Fault => ({
    down: (pdu, reply) => (types.includes(pdu.type) ? instead(reply, pdu.answer(NOT_SUPPORTED)) : pdu.bytes),
  });

  it("and refuses to reboot is asked for the committed image, and the cases behind are run", async () => {
    const reports = await run(device(refusing(MT.reboot)), ["trial.commit-original", "commit.running"]);
    expect(reports.filter(({ verdict }) => verdict !== "pass").map(({ cause, fault }) => cause ?? fault?.text)).toEqual(
      [],
    );
  });

  it("and takes no other way back has its trial ended by Commit", async () => {
    let isTrial = false;
    const fault: Fault = {
      down: (pdu, reply) => {
        const isBack = pdu.type === MT.reboot || (pdu.type === MT.activateImage && isTrial);
        if (pdu.type === MT.activateImage) isTrial = true;
        return isBack ? instead(reply, pdu.answer(NOT_SUPPORTED)) : pdu.bytes;
      },
    };
    const reports = await run(device(fault), ["abort.trial", "commit.running"]);
    expect(reports.at(-1)).toMatchObject({ id: "commit.running", verdict: "pass" });
    expect(JSON.stringify(reports)).not.toContain("the restart was answered 0");
  });
});

describe("an ONT that restarts and answers on", () => {
  /** Reboot is answered and done at once: all that shows is MIB data sync, which begins at 0. */
  const atOnce = (): Fault => {
    let sync = 9;
    return {
      down: (pdu, reply) => {
        if (pdu.type !== MT.reboot) return pdu.bytes;
        sync = 0;
        return instead(reply, pdu.answer(0));
      },
      up: (frame) => {
        if (frame.type === MT.get && frame.classId === ONU_DATA) frame.values[0] = sync;
        return frame.bytes;
      },
    };
  };

  it("is seen by its MIB data sync", async () => {
    expect(ends(await run(device(atOnce()), ["reboot.idle"]))).toEqual([["reboot.idle", "pass", undefined]]);
  });

  it("is taken at its word with --restart-silence 0", async () => {
    const mute: Fault = { down: (pdu, reply) => (pdu.type === MT.reboot ? instead(reply, pdu.answer(0)) : pdu.bytes) };
    const [report] = await run(device(mute), ["reboot.idle"]);
    expect(report?.fault?.key).toBe("no-restart");
    const reports = await run(device(mute, { restartSilenceMs: 0 }), ["reboot.idle"]);
    expect(ends(reports)).toEqual([["reboot.idle", "pass", undefined]]);
  });
});

describe("a stack whose hardware adds the trailer", () => {
  it("has nothing to be tested about it", async () => {
    const reports = await run(device({ up: ({ bytes }) => withoutTrailer(bytes), ignoresTrailer: true }), [
      "trailer.*",
    ]);
    expect(reports.length).toBeGreaterThan(3);
    for (const { verdict, cause } of reports)
      expect([verdict, cause]).toEqual([
        "notApplicable",
        "the ONT's frames come without a trailer: its hardware adds it",
      ]);
  });
});

/** Gone with the first frame of a type, and back when it is opened again. */
function mortal(type: number): { target: Target; revived: () => Promise<void> } {
  const state: { lost: string | undefined } = { lost: undefined };
  const die: Fault = {
    down: (pdu) => {
      if (pdu.type === type) state.lost = "the server ended the indications";
      return state.lost === undefined ? pdu.bytes : undefined;
    },
  };
  const target = device(die);
  return {
    target: {
      ...target,
      open: async () => Object.defineProperty(await target.open(), "lost", { get: () => state.lost }),
    },
    revived: async () => void (state.lost = undefined),
  };
}

describe("a target that dies", () => {
  const only = ["me.repeated-get", "me.read-only", "me.repeat-of-instances"];

  it("is a verdict of its own, and ends the run", async () => {
    const reports = await run(mortal(MT.set).target, only);
    expect(reports.map(({ verdict }) => verdict)).toEqual(["pass", "died", "skip"]);
    expect(reports[1].cause).toMatch(
      /^the target died in this case: the server ended the indications; seen as: no answer/,
    );
    expect(reports[2].cause).toBe(
      "the target died in case me.read-only: the server ended the indications; --restart-command goes on",
    );
  });

  it("is started again, and the cases behind are run", async () => {
    const { target, revived } = mortal(MT.set);
    const reports = await run(target, only, { restart: revived });
    expect(reports.map(({ verdict }) => verdict)).toEqual(["pass", "died", "pass"]);
  });

  it("is told when it does not come back", async () => {
    const restart = (): Promise<void> => Promise.reject(new Error("out of order"));
    const reports = await run(mortal(MT.set).target, only, { restart });
    expect(reports[2]).toMatchObject({ verdict: "skip", cause: "the target did not come back: out of order" });
  });

  it("at what no case needed of it, does not: nothing but Gets is sent where only these are asked", async () => {
    const types = new Set<number>();
    const watch: Fault = { down: (pdu) => (types.add(pdu.type), pdu.bytes) };
    const reports = await run(device(watch), [
      "me.invariants",
      "me.flags",
      "me.one-by-one",
      "me.product-code",
      "me.repeated-get",
    ]);
    expect(new Set(reports.map(({ verdict }) => verdict))).toEqual(new Set(["pass"]));
    expect([...types]).toEqual([MT.get]);
  });
});

/** An ACS that updates nobody before somebody releases him, and one whose operator leaves devices out. */
import { describe, expect, it } from "vitest";
import { Acs, type AcsConfig } from "../../../../headend/acs/core/index.ts";
import { complete, DEVICE, image, Kept, type Said, secrets, taken, TestSession } from "./fixture.ts";

const artifacts = [image("2.0", "b")];

class Bench {
  readonly kept = new Kept();
  readonly acs: Acs;

  constructor(config: AcsConfig) {
    this.acs = this.kept.acs(artifacts, config);
  }

  /** What the device is asked in a session, and how it answers; then the session ends. */
  session(...answers: ("taken" | "canceled" | "late")[]): string[] {
    const session = new TestSession(this.acs, this.kept);
    session.inform("1.0");
    const asked: string[] = [];
    for (let said: Said = session.empty(); said !== "end";) {
      if (!("method" in said)) throw new Error(said.line);
      asked.push(said.method);
      const answer = answers.shift();
      if (answer === undefined) throw new Error(`${said.method} was not awaited`);
      said =
        answer === "taken"
          ? session.say(taken)
          : answer === "late"
            ? session.fault(9021)
            : session.say({ method: "CancelTransferResponse" });
    }
    return asked;
  }

  fails(key: string): void {
    const session = new TestSession(this.acs, this.kept);
    session.inform("1.0", [["7 TRANSFER COMPLETE"], ["M Download", key]]);
    session.say(complete(key, 9018, "untrusted-signature"));
    expect(session.empty()).toBe("end");
  }

  get state(): string[] {
    const [{ state, why }] = this.acs.statuses(0);
    return [state, why];
  }
}

describe("devices that are released one by one", () => {
  it("are asked for nothing before, and for what there is from then on", () => {
    const bench = new Bench({ byRelease: true });
    expect(bench.session()).toEqual([]);
    expect([bench.state, bench.acs.isAtWork(DEVICE)]).toEqual([["idle", "it has not been released"], false]);
    bench.acs.release(DEVICE);
    expect(bench.session("taken")).toEqual(["Download"]);
    expect(bench.acs.isAtWork(DEVICE)).toBe(true);
  });

  it("that are held again are told to leave it, and may begin anew", () => {
    const bench = new Bench({ byRelease: true });
    bench.acs.release(DEVICE);
    bench.session("taken");
    bench.acs.hold(DEVICE);
    expect(bench.session("canceled")).toEqual(["CancelTransfer"]);
    expect(bench.acs.isAtWork(DEVICE)).toBe(false);
    expect(bench.session()).toEqual([]);
    bench.acs.release(DEVICE);
    expect(bench.session("taken")).toEqual(["Download"]);
  });

  it("that are past stopping go on", () => {
    const bench = new Bench({ byRelease: true });
    bench.acs.release(DEVICE);
    bench.session("taken");
    bench.acs.hold(DEVICE);
    expect(bench.session("late")).toEqual(["CancelTransfer"]);
    expect(bench.acs.isAtWork(DEVICE)).toBe(true);
  });

  it("that failed are asked again when they are released again, and not before", () => {
    const bench = new Bench({ byRelease: true });
    bench.acs.release(DEVICE);
    bench.session("taken");
    bench.fails("poncast-1");
    expect(bench.session()).toEqual([]);
    bench.acs.release(DEVICE);
    expect(bench.session("taken")).toEqual(["Download"]);
  });

  it("are known to the next process, from its events and from a snapshot", () => {
    const bench = new Bench({ byRelease: true });
    bench.acs.release(DEVICE);
    bench.session("taken");
    const next = bench.kept.acs(artifacts, { byRelease: true });
    expect(next.snapshot()).toEqual(bench.acs.snapshot());
    const restored = new Acs({ byRelease: true }, artifacts, secrets);
    restored.restore(JSON.parse(JSON.stringify(bench.acs.snapshot())), []);
    restored.hold(DEVICE);
    expect(restored.pollEvent()).toEqual({ type: "released", device: DEVICE, isReleased: false });
  });
});

describe("devices that an operator leaves out", () => {
  it("leave what they are at, and are asked for nothing more, released or not", () => {
    const bench = new Bench({});
    bench.session("taken");
    bench.acs.leaveOut(DEVICE);
    expect(bench.session("canceled")).toEqual(["CancelTransfer"]);
    bench.acs.release(DEVICE);
    expect(bench.session()).toEqual([]);
    expect(bench.state).toEqual(["idle", "left out by an operator"]);
  });

  it("may be all of them, those that come later, too", () => {
    const bench = new Bench({});
    bench.acs.leaveOut();
    expect(bench.session()).toEqual([]);
    expect(bench.kept.acs(artifacts).snapshot().isStopped).toBe(true);
  });
});

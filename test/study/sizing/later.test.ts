/** What late and returning ONTs cost by the model: passes, copies and time, by the policy of catch-up groups. */
import { describe, expect, it } from "vitest";
import { parseScenario, type Scenario } from "../../../scenarios/index.ts";
import { sizeScenario, type Sizing, withPowerCuts, withReturns } from "../../../study/sizing/index.ts";

/** 12.5 kB/s make 343 s of a pass over 4 MiB. */
const slow = (olt = "", more = ""): Scenario =>
  parseScenario(
    `{ onts: 100, image: { bytes: 4194304 }, olt: { rateBytesPerSecond: 12500, ${olt} } ${more} }`,
    "later.yaml",
  );
const passes = ({ passes: { first, catchUp, alone } }: Sizing): number[] => [first, catchUp, alone];

describe("ONTs that come later", () => {
  const returning = (waitSeconds: number, toSeconds: number, olt = ""): Sizing =>
    sizeScenario(
      withReturns(slow(`catchUp: { waitSeconds: ${waitSeconds} }${olt}`), { share: 0.2, fromSeconds: 0, toSeconds }),
    );

  it("share one pass where the first of them waits for the last", () => {
    const sizing = returning(7200, 2000);
    expect(passes(sizing)).toEqual([1, 1, 0]);
    expect(sizing.imageCopies).toBeCloseTo(2, 2);
    expect(sizing.seconds).toBeCloseTo(2000 + 340, -1);
    expect(sizing.onts).toBe(100);
  });

  it("form groups as long as waits are shorter", () => {
    // One comes every 100 s: seven of them wait when the first has waited for 600 s.
    expect(passes(returning(600, 2000))).toEqual([1, 3, 0]);
    expect(passes(returning(0, 2000))[1]).toBeGreaterThan(5);
  });

  it("begin when so many wait as the policy says", () => {
    const many = withReturns(slow("catchUp: { waitSeconds: 7200, onts: 5 }"), {
      share: 0.2,
      fromSeconds: 200,
      toSeconds: 2200,
    });
    expect(passes(sizeScenario(many))).toEqual([1, 4, 0]);
  });

  it("go alone by the policy never and in unicast mode, as fast as the budget allows", () => {
    const away = { share: 0.2, fromSeconds: 0, toSeconds: 2000 };
    const never = sizeScenario(withReturns(slow("catchUp: { when: never }"), away));
    expect(passes(never)).toEqual([1, 0, 20]);
    expect(never.imageCopies).toBeCloseTo(21, 1);
    expect(never.seconds).toBeCloseTo(21 * 340, -2.3);
    const unicast = sizeScenario(withReturns(slow("mode: unicast"), away));
    expect(unicast.imageCopies).toBeCloseTo(100, 1);
  });

  it("are left out when the run is over before they come", () => {
    const sizing = sizeScenario(withReturns(slow(), { share: 0.1, fromSeconds: 1000, toSeconds: 2000 }));
    expect([sizing.leftOut, sizing.imageCopies.toFixed(2)]).toEqual([10, "1.00"]);
  });

  it("take nothing from those who are there", () => {
    const plain = sizeScenario(slow());
    expect(passes(plain)).toEqual([1, 0, 0]);
    expect(sizeScenario(withReturns(slow(), { share: 0, fromSeconds: 0, toSeconds: 10 }))).toEqual(plain);
  });
});

describe("ONTs whose power is cut", () => {
  it("share one more pass if they had not got the image yet", () => {
    const cut = (atSeconds: number): string =>
      `, faults: [{ atSeconds: ${atSeconds}, action: powerCycle, onts: [1, 2, 3] }]`;
    expect(passes(sizeScenario(slow("", cut(100))))).toEqual([1, 1, 0]);
    expect(passes(sizeScenario(slow("catchUp: { when: never }", cut(100))))).toEqual([1, 0, 3]);
    expect(passes(sizeScenario(slow("", cut(400))))).toEqual([1, 0, 0]);
  });

  it("are waited for, however long they stay away", () => {
    const cut = ", faults: [{ atSeconds: 100, action: powerCycle, onts: [1, 2], offSeconds: 2000 }]";
    const sizing = sizeScenario(slow("", cut));
    expect([passes(sizing), sizing.leftOut]).toEqual([[1, 1, 0], 0]);
  });

  it("at random moments cost as many passes as are likely to be needed", () => {
    // 100 ONTs, 343 s: one cut in the mean; some pass is needed unless none is cut.
    const sizing = sizeScenario(withPowerCuts(slow(), 34_300, 1));
    expect(sizing.imageCopies).toBeCloseTo(1 + 1 - Math.exp(-1), 1);
    expect(sizeScenario(withPowerCuts(slow(), 1e9, 1)).imageCopies).toBeCloseTo(1, 2);
    const never = sizeScenario(withPowerCuts(slow("catchUp: { when: never }"), 34_300, 1));
    expect(never.imageCopies).toBeCloseTo(2, 1);
  });

  it("end the search for their passes where they come faster than a pass takes", () => {
    for (const policy of ["ended", "never"]) {
      const sizing = sizeScenario(withPowerCuts(slow(`catchUp: { when: ${policy} }`), 1, 1));
      expect(sizing.imageCopies).toBeGreaterThan(500);
      expect(Number.isFinite(sizing.imageCopies), policy).toBe(true);
    }
  });
});

describe("ONTs that are off", () => {
  it("are as many of each group as the share says", () => {
    const fleet = ", fleet: [{ count: 30, quirk: bbsim }, { share: 0.3 }, {}]";
    const scenario = withReturns(slow("", fleet), { share: 0.25, fromSeconds: 5, toSeconds: 9 });
    expect(scenario.fleet.map(({ count, joinAtSeconds }) => [count, joinAtSeconds])).toEqual([
      [22, 0],
      [8, 5],
      [23, 0],
      [7, 5],
      [30, 0],
      [10, 5],
    ]);
    expect(scenario.fleet[1]).toMatchObject({ quirk: "bbsim", joinOverSeconds: 4 });
  });
});

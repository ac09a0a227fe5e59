/** What several ports are told, and who is asked. */
import { describe, expect, it } from "vitest";
import { outcomeOf, portsAsked } from "../../../run/control/ports.ts";
import { planFleet } from "../../../run/fleet/index.ts";
import { refuseVirtualOnly } from "../../../run/processes/limits.ts";
import { capturePathOf, metricsOf, oltProcessConfigOf, processGroups } from "../../../run/processes/plan.ts";
import { parseScenario } from "../../../scenarios/index.ts";

const scenario = parseScenario("onts: 3\npons: 2\n", "ports.yaml");

describe("several ports in processes", () => {
  it("share no ONT process, and each OLT knows its own ONTs", () => {
    const onts = planFleet(scenario).map((plan) => ({ fleet: { plan } as never as { plan: typeof plan } }));
    const groups = processGroups(onts as never[], 2) as unknown as (typeof onts)[];
    expect(groups.map((group) => group.map(({ fleet }) => fleet.plan.index))).toEqual([[0, 1], [2], [3, 4], [5]]);
    const { pon, expected } = oltProcessConfigOf(scenario, {}, [], 0n, undefined, 1);
    expect(pon).toBe(1);
    expect(expected?.serials).toEqual(["PCST00000004", "PCST00000005", "PCST00000006"]);
  });

  it("have their metrics and captures beside each other", () => {
    const metrics = { host: "127.0.0.1", port: 9000 };
    expect([0, 1].map((pon) => metricsOf(metrics, pon)?.port)).toEqual([9000, 9001]);
    expect(metricsOf({ ...metrics, port: 0 }, 1)?.port).toBe(0);
    expect(capturePathOf("a.pcapng", 1, 0)).toBe("a.pcapng");
    expect(capturePathOf("a.pcapng", 2, 1)).toBe("a.pcapng.port-1");
  });

  it("are for OMCI alone", () => {
    expect(() => refuseVirtualOnly(scenario)).not.toThrow();
    expect(() => refuseVirtualOnly({ ...scenario, road: "https" })).toThrow("pons: 2 ports with road: https");
    const fed = { ...scenario, pons: 1, pon: { ...scenario.pon, headendBitsPerSecond: 1e6 } };
    expect(() => refuseVirtualOnly(fed)).not.toThrow();
    expect(() => refuseVirtualOnly({ ...fed, road: "cwmp" })).toThrow("pon.headendBitsPerSecond: with road: cwmp");
  });

  it("are asked together, but for a named ONT", () => {
    const portOf = (serial: string): number | undefined => (serial === "B" ? 1 : undefined);
    expect(portsAsked({ kind: "pause" }, 2, portOf)).toEqual([0, 1]);
    expect(portsAsked({ kind: "skip", serial: "B" }, 2, portOf)).toEqual([1]);
    expect(portsAsked({ kind: "skip", onuId: 3 }, 2, portOf)).toMatchObject({ accepted: false });
    expect(portsAsked({ kind: "skip", onuId: 3 }, 1, portOf)).toEqual([0]);
    const refused = { accepted: false as const, reason: "no" };
    expect(outcomeOf([refused, { accepted: true }])).toEqual({ accepted: true });
    expect(outcomeOf([refused, refused])).toBe(refused);
  });
});

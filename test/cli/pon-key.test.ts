/** A key of the PON on an interface that others are on: missed in one line, and what MIC keys come from. No socket is opened. */
import { networkInterfaces } from "node:os";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ponKeyOf } from "../../cli/pon-key.ts";
import { trailerChoiceOf, udpTrailerChoiceOf } from "../../run/fleet/keys.ts";
import { parseScenario } from "../../scenarios/schema/load.ts";

const outside = Object.entries(networkInterfaces()).find(([, list]) =>
  list?.some(({ family, internal }) => family === "IPv4" && !internal),
)?.[0];
const scenarioOn = (name: string) =>
  parseScenario(`name: key\npon: { interface: ${name}, trailer: mic }\n`, "key.yaml");
const KEY = new Uint8Array(16).fill(0x5a);

afterEach(() => vi.restoreAllMocks());

describe("on the loopback", () => {
  it("no key is missed, and MIC keys come from the seed, with a key and without", () => {
    const lines = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const scenario = scenarioOn("127.0.0.1");
    expect(ponKeyOf(undefined, scenario)).toBeUndefined();
    expect(ponKeyOf("5a".repeat(16), scenario)).toEqual(KEY);
    expect(lines).not.toHaveBeenCalled();
    for (const key of [undefined, KEY]) expect(udpTrailerChoiceOf(scenario, key)).toEqual(trailerChoiceOf(scenario));
  });
});

describe.skipIf(outside === undefined)("on an interface that others are on", () => {
  it("a key is missed in one line", () => {
    const lines = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    expect(ponKeyOf(undefined, scenarioOn(outside!))).toBeUndefined();
    expect(lines.mock.calls.map(([line]) => line)).toEqual([
      `no --pon-key: whoever is on ${outside} can pass for the OLT and for any ONT, see docs/security.md\n`,
    ]);
  });

  it("MIC keys come from the key and not from the seed; without one there are none", () => {
    const scenario = scenarioOn(outside!);
    expect(() => udpTrailerChoiceOf(scenario, undefined)).toThrow(/needs a key that both sides have, see --pon-key$/);
    const made = udpTrailerChoiceOf(scenario, KEY);
    expect(made).toEqual(udpTrailerChoiceOf({ ...scenario, seed: 99 }, KEY));
    const others = [trailerChoiceOf(scenario), udpTrailerChoiceOf(scenario, new Uint8Array(16))];
    for (const other of others) {
      for (const name of ["msk", "ponTag", "groupOmciIk"] as const)
        expect((other as Record<string, unknown>)[name]).not.toEqual((made as Record<string, unknown>)[name]);
    }
  });
});

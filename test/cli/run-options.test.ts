/** Options that set fields of a scenario: what they make of it, and who refuses which. */
import { describe, expect, it } from "vitest";
import { commandHere } from "../support/command.ts";
import { overridesOf, resolveScenario, type Taker } from "../../cli/run-options.ts";

const scenarioOf = (preset: string, flags: Record<string, unknown>, taker?: Taker) =>
  resolveScenario(preset, overridesOf(flags, taker));
const kindsOf = (preset: string, flags: Record<string, unknown>) =>
  scenarioOf(preset, flags).impairments.map((each) => ("chance" in each ? `${each.kind} ${each.chance}` : each.kind));

describe("--loss sets the independent loss, and leaves what else there is", () => {
  const before = kindsOf("bursty-feeder", {});
  it("on a preset with bursts and losses on the feeder", () => {
    expect(before.map((text) => text.split(" ")[0])).toEqual(expect.arrayContaining(["burstLoss", "feederLoss"]));
    const others = before.filter((text) => !text.startsWith("loss "));
    const after = kindsOf("bursty-feeder", { loss: "0.1%" });
    expect(after.filter((text) => text !== "loss 0.001")).toEqual(others);
    expect(after).toContain("loss 0.001");
    expect(kindsOf("bursty-feeder", { loss: "0" })).toEqual(others);
  });

  it("in the place of the one that was there", () => expect(kindsOf("default", { loss: "5%" })).toEqual(["loss 0.05"]));
});

describe("fields by options", () => {
  it("--rate takes a percentage of the line's rate", () => {
    expect(scenarioOf("default", { rate: "2%" }).olt.rateBytesPerSecond).toBe((0.02 * 2_488_320_000) / 8);
    expect(scenarioOf("xgs-pon", { rate: "1%" }).olt.rateBytesPerSecond).toBe((0.01 * 9_953_280_000) / 8);
  });

  it("--rtt is half of it each way, beside what there is; --pons are ports", () => {
    const { impairments, pons } = scenarioOf("default", { rtt: "20ms", pons: "4" });
    expect(pons).toBe(4);
    expect(impairments.map(({ kind }) => kind)).toEqual(["loss", "latency"]);
    expect(impairments[1]).toMatchObject({ meanMs: 10, direction: "both" });
  });

  it("--set sets any field, as YAML writes it, last", () => {
    const { olt, image } = scenarioOf("default", {
      rate: "1Mbit/s",
      set: ["olt.catchUp.waitSeconds=5min", "olt.rateBytesPerSecond=2%", "image={ bytes: 2MiB, hardware: [A] }"],
    });
    expect(olt.catchUp.waitSeconds).toBe(300);
    expect(olt.rateBytesPerSecond).toBe(6_220_800);
    expect(image).toMatchObject({ bytes: 2 * 1024 ** 2, hardware: ["A"] });
  });
});

describe("poncast run refuses what changes nothing", () => {
  it.each([
    [["--virtual", "--onts-per-process", "4"], "--onts-per-process: changes nothing with --virtual"],
    [["--virtual", "--interface", "eth0"], "--interface: changes nothing with --virtual"],
    [["--virtual", "--keep-state"], "--keep-state: changes nothing with --virtual"],
  ])("%j", async (words, line) => {
    const { code, err } = await commandHere(["run", ...words]);
    expect([code, err.split("\n").length]).toEqual([2, 2]);
    expect(err).toContain(line);
  });
});

describe("an option is refused, in one line", () => {
  it.each<[Record<string, unknown>, Taker, string]>([
    [{ set: ["onts"] }, "run", "--set: onts is not allowed; field=value, such as onts=32"],
    [{ set: ["__proto__.x=1"] }, "run", "--set: __proto__.x=1 is not allowed"],
    [{ set: ["olt.__proto__.x=1"] }, "run", "--set: olt.__proto__.x=1 is not allowed"],
    [{ set: ["olt.windowSectons=2"] }, "run", "--set olt.windowSectons: no such field; did you mean windowSections?"],
    [{ set: ["olt.windowSections=300"] }, "run", "--set olt.windowSections: 300 is not allowed; 1 to 256 sections"],
    [{ set: ["onts=[1"] }, "run", "--set onts: "],
    [
      { rate: "200%" },
      "run",
      "--rate: 200% is not allowed; a number, 100 to 1000000000000 bytes/s, or with a unit, such as 20Mbit/s",
    ],
    [
      { imageSize: "1GiB" },
      "run",
      "--image-size: 1073741824 is too much for a run; at most 268435456; `poncast size` has",
    ],
    [{ image: "fw", imageSize: "1MiB" }, "run", "--image-size: changes nothing beside --image"],
    [{ mode: "unicast", recovery: "parity" }, "run", "--recovery: changes nothing beside --mode unicast"],
    [{ set: ["olt.concurrency=3"] }, "ont", "--set olt.concurrency: changes nothing here: the OLT says it"],
    [{ rate: "2%" }, "ont", "--rate: changes nothing here: the OLT says it; give it to `poncast olt`"],
    [{ pons: "2" }, "ont", "--pons: changes nothing here"],
    [{ loss: "0.1" }, "olt", "--loss: changes nothing here: the ONTs have it"],
    [{ interface: "eth0" }, "size", "--interface: changes nothing here: the model has no processes and no sockets"],
  ])("%j of %s", (flags, taker, line) => {
    expect(() => scenarioOf("default", flags, taker)).toThrow(line);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});

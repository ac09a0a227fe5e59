/** Several payloads in one run: an ONT whose delta fails, a rollout that is stopped, who comes late on another base, a base that nobody has yet. */
import { describe, expect, it } from "vitest";
import { prepareImages, simulate, type SimulatedRun } from "../../../run/virtual/index.ts";
import { parseScenario } from "../../../scenarios/index.ts";

const BYTES = 256 * 1024;
const IMAGE = `image: { bytes: ${BYTES}, deltas: [{ base: A-1 }, { base: A-2 }] }`;
const run = (text: string): SimulatedRun => simulate(parseScenario(text, "text"));
const passesOf = ({ result }: SimulatedRun): string[] =>
  result.groups.map(({ payload, onts, why }) => `${onts} ${payload}, ${why}`);
const outcomesOf = ({ result }: SimulatedRun): string[] => result.ontResults.map(({ outcome }) => outcome);

describe("several payloads in a run", () => {
  it("who cannot use the delta from its base gets the image, those of another base stay with theirs", () => {
    const scenario = parseScenario(
      `{ onts: 5, ${IMAGE}, fleet: [{ count: 3, version: A-1 }, { version: A-2 }] }`,
      "text",
    );
    const images = prepareImages(scenario);
    const payloads = images.payloads.map((payload) => {
      if (payload.source.delta?.baseVersion !== "A-1") return payload;
      const content = Uint8Array.from(payload.content);
      content[Math.floor(content.length / 2)] ^= 0xff;
      const read = (at: number, length: number): Uint8Array => content.subarray(at, at + length);
      return { ...payload, content, source: { ...payload.source, read } };
    });
    const done = simulate(scenario, { images: { ...images, payloads } });
    expect(done.reasons).toEqual([]);
    expect(outcomesOf(done)).toEqual(Array.from({ length: 5 }, () => "committed"));
    expect(passesOf(done)).toEqual(["3 delta A-1, first", "2 delta A-2, first", "3 image, catchUp"]);
    expect(done.result.ontResults.map(({ payload }) => payload)).toEqual([
      ...Array.from({ length: 3 }, () => "image"),
      ...Array.from({ length: 2 }, () => "delta A-2"),
    ]);
    expect(new Set(done.result.ontResults.map(({ sha256 }) => sha256))).toEqual(new Set([done.result.image.sha256]));
  });

  it("a rollout that one base's ONTs stop is stopped for those of the other, who keep their image in reserve", () => {
    const done = run(`
      onts: 6
      ${IMAGE}
      ont: { watchdogMs: 400 }
      olt: { canary: 2, failureThreshold: 0.25 }
      fleet:
        - { count: 2, version: A-1, boot: { kind: hangs }, expect: rolledBack }
        - { count: 1, version: A-1, expect: stored }
        - { version: A-2, expect: stored }`);
    expect(passesOf(done)).toEqual(["3 delta A-1, first", "3 delta A-2, first"]);
    expect(outcomesOf(done)).toEqual(["rolledBack", "rolledBack", "stored", "stored", "stored", "stored"]);
    expect(done.result.ontResults.map(({ version }) => version)).toEqual(["A-1", "A-1", "A-1", "A-2", "A-2", "A-2"]);
  });

  it("who comes late on another base gets the delta from it, which nobody had needed until then", () => {
    const done = run(`
      onts: 4
      ${IMAGE}
      fleet: [{ count: 3, version: A-1 }, { version: A-2, joinAtSeconds: 30 }]`);
    expect(done.reasons).toEqual([]);
    expect(outcomesOf(done)).toEqual(Array.from({ length: 4 }, () => "committed"));
    expect(done.result.ontResults.map(({ payload }) => payload)).toEqual([
      ...Array.from({ length: 3 }, () => "delta A-1"),
      "delta A-2",
    ]);
    expect(done.result.downstream.imageCopies).toBeLessThan(0.5);
  });

  it("a delta from what no ONT runs is sent to none, and costs nothing", () => {
    const fleet = "fleet: [{ version: A-1 }]";
    const both = run(`{ onts: 3, ${IMAGE.replace("] }", "], deltaPolicy: always }")}, ${fleet} }`);
    const one = run(`{ onts: 3, image: { bytes: ${BYTES}, deltas: [{ base: A-1 }] }, ${fleet} }`);
    expect(both.reasons).toEqual([]);
    expect(passesOf(both)).toEqual(["3 delta A-1, first"]);
    expect(both.result.downstream.sections).toBe(one.result.downstream.sections);
    expect(both.result.plan?.payloads.map(({ name, onts }) => [name, onts])).toEqual([["delta A-1", 3]]);
  });
});

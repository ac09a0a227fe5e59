/** Each slot has its configuration: made from the old one before the new image is valid, and left behind with it. */
import { describe, expect, it } from "vitest";
import { refusalName, RESULT } from "../../omci/index.ts";
import { configFactsOf } from "../../ont/index.ts";
import {
  configuration,
  deltaOnt,
  newBundle,
  newConfiguration,
  oddConfiguration,
  oldBundle,
  oldRecord,
} from "./delta-bundles.ts";
import { newFlash, type TestFlash } from "./flash.ts";
import { readAttributesOf } from "./get.ts";
import { BenchOnt } from "./hands.ts";
import { testImage } from "./images.ts";

function flashWith(config: Uint8Array): TestFlash {
  const flash = newFlash({ ...oldRecord, configs: [configFactsOf(config), null] });
  flash.slots = [oldBundle, new Uint8Array(0), new Uint8Array(0)];
  flash.configs = [config, null];
  return flash;
}

const ontWith = (config: Uint8Array, change = {}): BenchOnt =>
  BenchOnt.up(deltaOnt(change), flashWith(config), "extended");

describe("the configuration", () => {
  it("of a whole image is migrated once it is checked, before it is valid", () => {
    const bench = ontWith(configuration);
    bench.send(newBundle);
    bench.instantFlash = false;
    bench.end(newBundle);
    const kinds: string[] = [];
    for (let [operation] = bench.waiting; operation !== undefined; [operation] = bench.waiting) {
      kinds.push(operation.kind);
      bench.flashStep();
    }
    expect(kinds.slice(-3)).toEqual(["syncSlot", "migrateConfig", "writeBootRecord"]);
    const [old, migrated] = bench.flash.configs!;
    expect(old).toEqual(configuration);
    expect(JSON.parse(Buffer.from(migrated!).toString())).toEqual(newConfiguration);
    expect(bench.flash.record.configs).toEqual([configFactsOf(configuration), configFactsOf(migrated!)]);
    expect(bench.flash.record.configs![1]).toMatchObject({ schemaVersion: 2 });
  });

  it("that cannot be migrated makes the image invalid, with the cause, before activation", () => {
    const bench = ontWith(oddConfiguration);
    bench.send(newBundle);
    expect(bench.end(newBundle)).toBe(RESULT.processingError);
    const { cause, flags, record } = bench.ont.snapshot();
    expect(cause).toMatch(/^migration-failed: .*vlan/);
    expect(flags[1].valid).toBe(false);
    expect(record.configs).toEqual([configFactsOf(oddConfiguration), null]);
    expect(refusalName(Number(readAttributesOf(bench, "refusal").refusal))).toBe("migration-failed");
    expect(bench.activate(1)).toBe(RESULT.parameterError);
  });

  it("is the old one to the byte after a roll-back", () => {
    const bench = ontWith(configuration, { boot: { kind: "crashes" } });
    bench.download(newBundle);
    expect(bench.activate(1)).toBe(RESULT.ok);
    bench.advance(60_000_000_000);
    expect(bench.ont.snapshot()).toMatchObject({ state: "rolledBack", activeSlot: 0 });
    expect(bench.flash.configs![0]).toEqual(configuration);
    expect(bench.flash.record.configs![0]).toEqual(configFactsOf(configuration));
  });

  it("of an image that loses its valid flag is none any more", () => {
    const bench = ontWith(configuration);
    bench.download(newBundle);
    bench.start(newBundle.length);
    expect(bench.flash.record.configs).toEqual([configFactsOf(configuration), null]);
  });

  it("is no matter in an ONT that has none", () => {
    const bench = BenchOnt.up({}, newFlash(), "extended");
    bench.download(testImage(100, 3));
    expect(bench.flash.record).not.toHaveProperty("configs");
  });
});

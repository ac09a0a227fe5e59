/** Every case can fail: for each there is a fault, put into our own ONT, that it finds. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../conform/core/catalogue/index.ts";
import { runCases } from "../../conform/core/runner.ts";
import type { Matrix } from "../../conform/reports/matrix.ts";
import { selfImages } from "../../conform/targets/self.ts";
import { answerFaults } from "./answer-faults.ts";
import { downloadFaults } from "./download-faults.ts";
import { faultyTarget, type Injected } from "./faults.ts";
import { imageFaults } from "./image-faults.ts";

const images = selfImages();

/** One fault for each case that no quirk profile, or none but the crudest, makes fail. */
const injected: readonly Injected[] = [...answerFaults, ...downloadFaults, ...imageFaults];

/** Profiles that make most cases fail, whatever they are about. */
const crude = ["mute", "falls-silent", "busy-forever", "crc-swapped"];

describe("faults that no profile has", () => {
  for (const { id, key, fault, set = "baseline" } of injected) {
    it(`${id}: ${key}`, async () => {
      const each = catalogue.find((one) => one.id === id);
      expect(each).toBeDefined();
      const [report] = await runCases([each!], {
        target: faultyTarget(images, fault()),
        messageSet: set,
        image: images.image,
      });
      expect([report!.verdict, report!.fault?.key], report!.cause ?? report!.fault?.text).toEqual(["fail", key]);
      expect(report!.fault!.text.length).toBeGreaterThan(10);
      expect(report!.fault!.frame).toBeGreaterThan(0);
    });
  }

  it("each case fails for a profile that is not crude, or for one of these", () => {
    const matrix = JSON.parse(readFileSync(join(import.meta.dirname, "matrix.json"), "utf8")) as Matrix;
    const failing = new Set(injected.map(({ id }) => id));
    for (const [name, row] of Object.entries(matrix)) {
      if (crude.includes(name)) continue;
      for (const id of [...Object.keys(row.baseline), ...Object.keys(row.extended)]) failing.add(id);
    }
    expect(catalogue.map(({ id }) => id).filter((id) => !failing.has(id))).toEqual([]);
  });
});

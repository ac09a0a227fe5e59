/** The page of a sweep in a real browser: every chart drawn, read out and sorted. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sweepPageOf } from "../../../cli/sweep-report.ts";
import { writePage } from "../../../web/report/index.ts";
import { linesOf, SWEEP_FILES } from "../../../study/sweep/store.ts";
import { chartsOf, contrastOf, hasBrowser, launch, open, pixelsOf, widthsOf } from "./browser.ts";
import { identity, runs } from "./sweep-fixture.ts";
import { removeFolder } from "../../support/folder.ts";

const folder = mkdtempSync(join(tmpdir(), "poncast-sweep-page-"));
const file = join(folder, "report.html");
let browser: Browser;

beforeAll(async () => {
  if (!hasBrowser) return;
  writeFileSync(join(folder, SWEEP_FILES.plan), JSON.stringify(identity));
  writeFileSync(join(folder, SWEEP_FILES.runs), linesOf(runs));
  writePage(file, sweepPageOf(folder));
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  removeFolder(folder);
});

describe.skipIf(!hasBrowser)("the page of a sweep", () => {
  describe.each(["light", "dark"] as const)("in %s", (scheme) => {
    it.each([400, 1600])("at a width of %d", async (width) => {
      const { page, errors, requests } = await open(browser, file, scheme, width);
      const charts = await chartsOf(page);
      expect(charts).toHaveLength(5);
      for (const chart of charts) {
        for (const series of [0, 1, 2])
          expect(await pixelsOf(page, chart, `--series-${series}`), `${chart} ${series}`).toBeGreaterThan(20);
      }
      const [inner, outer] = await widthsOf(page);
      expect(inner).toBeLessThanOrEqual(outer);
      for (const selector of ["h1", "figcaption p", ".bad", "thead th"])
        expect(await contrastOf(page, selector), selector).toBeGreaterThanOrEqual(4.5);
      expect(errors).toEqual([]);
      expect(requests).toEqual([`file://${file}`]);
      await page.close();
    });
  });

  it("reads out every series at the cursor, and sorts the combinations", async () => {
    const { page } = await open(browser, file, "light", 1600);
    await page.locator("#imageCopies-0 .u-over").hover();
    expect(await page.locator("#imageCopies-0 .readout").textContent()).toBe(
      "loss 0.01 · window 1.9 ±0.41 · parity 1.51 ±0.41 · unicast 61.5 ±0.41",
    );
    const copies = (): Promise<string[]> =>
      page.$$eval("#combinations tbody tr", (rows) => rows.map((row) => row.children[3].textContent));
    await page.getByRole("button", { name: "Copies sent" }).click();
    await page.getByRole("button", { name: "Copies sent" }).click();
    expect((await copies()).slice(0, 2)).toEqual(["63.5 ±2.1", "61.50 ±0.41"]);
    await page.close();
  });
});

/** The page of a run in a real browser: drawn in all colours and widths, usable by mouse and keyboard, printed. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { durationText } from "../../../base/text/units.ts";
import { RunModel, runPage, type RunReport, writePage } from "../../../web/report/index.ts";
import { parseScenario } from "../../../scenarios/schema/load.ts";
import { runVirtual } from "../../../run/virtual/index.ts";
import { chartsOf, contrastOf, hasBrowser, launch, open, pixelsOf, widthsOf } from "./browser.ts";
import { removeFolder } from "../../support/folder.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-page-"));
const file = join(root, "report.html");
let browser: Browser;
let report: RunReport;

async function makePage(text: string, path: string): Promise<RunReport> {
  const model = new RunModel();
  const options = { out: `${path}.run`, sinks: [{ name: "model", record: model.add.bind(model) }] };
  const outcome = await runVirtual(parseScenario(text, "page.yaml"), options);
  const made = model.report(
    { scenario: "page", replay: "poncast run page.yaml", version: "1", commit: "abc" },
    outcome.result,
  );
  writePage(path, runPage(made));
  return made;
}

beforeAll(async () => {
  if (!hasBrowser) return;
  report = await makePage(
    `
onts: 24
image: { bytes: 900000 }
impairments: [{ kind: loss, chance: 0.02 }]
olt: { rateBytesPerSecond: 2000000, catchUp: { waitSeconds: 0.1 } }
fleet: [{ count: 3, boot: { kind: crashes } }, {}]
faults:
  - { whenPhase: downloading, action: powerCycle, onts: [7, 8] }
  - { atSeconds: 0.2, action: powerCycle, onts: [9], offSeconds: 1.5 }
  - { atSeconds: 0.1, action: pause, offSeconds: 0.2 }
`,
    file,
  );
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  removeFolder(root);
});

/** Colours that each chart must show for what this run did. */
const ink = {
  progress: ["state-downloading", "state-committed", "state-rolledBack", "state-off", "line-command"],
  passes: ["pass-first", "pass-catchUp", "pass-alone", "line-command"],
  downstream: ["line-downstream", "line-budget", "line-command"],
  upstream: ["line-upstream", "line-command"],
  completion: ["line-stored", "line-running", "line-committed", "line-command"],
  windows: ["bar-repeated", "bar-parity", "bar-ahead"],
};

async function expectInk(page: Page): Promise<void> {
  for (const [chart, variables] of Object.entries(ink)) {
    for (const variable of variables) {
      expect(await pixelsOf(page, chart, `--${variable}`), `${chart} ${variable}`).toBeGreaterThan(10);
    }
  }
}

describe.skipIf(!hasBrowser)("the page of a run", () => {
  describe.each(["light", "dark"] as const)("in %s", (scheme) => {
    it.each([400, 1600])("at a width of %d", async (width) => {
      const { page, errors, requests } = await open(browser, file, scheme, width);
      expect(await chartsOf(page)).toEqual(Object.keys(ink));
      await expectInk(page);
      const [inner, outer] = await widthsOf(page);
      expect(inner).toBeLessThanOrEqual(outer);
      for (const selector of ["h1", "figcaption p", ".key dd.note", ".good, .bad", "summary", ".outcome.rolledBack"])
        expect(await contrastOf(page, selector), selector).toBeGreaterThanOrEqual(4.5);
      expect(await contrastOf(page, "body")).toBeGreaterThan(10);
      expect(errors).toEqual([]);
      expect(requests).toEqual([`file://${file}`]);
      await page.close();
    });
  });

  it("shows the figures of result.json", async () => {
    const { page } = await open(browser, file, "light", 1600);
    const shown = await page.$$eval("[data-field]", (fields) =>
      Object.fromEntries(fields.map((field) => [(field as HTMLElement).dataset.field, field.textContent])),
    );
    const { onts, downstream, timing, goodput } = report.result;
    expect(shown).toEqual({
      "onts.committed": `${onts.committed} of 24`,
      "downstream.imageCopies": downstream.imageCopies.toFixed(2),
      "timing.downloadSeconds": durationText(timing.downloadSeconds!),
      "timing.activateSeconds": durationText(timing.activateSeconds!),
      "timing.totalSeconds": durationText(timing.totalSeconds),
      "goodput.deliveredBitsPerSecond": `${(goodput.deliveredBitsPerSecond! / 1e6).toFixed(1)} Mbit/s`,
      "downstream.repairSections": String(downstream.repairSections),
      "downstream.gemBytes": `${(downstream.gemBytes / 2 ** 20).toFixed(1)} MiB`,
    });
    const rows = await page.$$eval("#onts .sortable tbody tr", (found) =>
      found.map((row) => [...(row as HTMLTableRowElement).cells].map((cell) => cell.textContent)),
    );
    expect(rows.map(([id, serial, , cause]) => [Number(id), serial, cause])).toEqual(
      report.result.ontResults.map(({ id, serial, cause }) => [id, serial, cause]),
    );
    expect(onts.rolledBack).toBe(3);
    await page.close();
  });

  it("names each pass that is under the cursor, and has all of them in a table", async () => {
    const { page } = await open(browser, file, "light", 1600);
    const plot = page.locator("#passes .u-over");
    const { width, height } = (await plot.boundingBox())!;
    const { charts, result } = report;
    const { passes, endSeconds } = charts;
    expect(passes.map(({ why, onts }) => `${why} ${onts}`)).toEqual(["first 24", "catchUp 2", "alone 1"]);
    const names = ["first: 24 ONTs", "catch-up group 1: 2 ONTs", "alone: 1 ONT"];
    for (const { lane, fromSeconds, toSeconds } of passes) {
      const x = ((fromSeconds + toSeconds) / 2 / endSeconds) * width;
      await plot.hover({ position: { x, y: ((lane + 0.5) * height) / passes.length } });
      expect(await page.locator("#passes .readout").textContent()).toContain(names[lane]);
    }
    const rows = await page.$$eval("#passes tbody tr", (found) =>
      found.map((row) => [...(row as HTMLTableRowElement).cells].map((cell) => cell.textContent)),
    );
    expect(rows.map(([name, onts, , , copies]) => [name, onts, copies])).toEqual(
      result.groups.map(({ onts, copies }, at) => [names[at].split(":")[0], String(onts), copies.toFixed(2)]),
    );
    await page.close();
  });

  it("sorts and filters the ONTs", async () => {
    const { page } = await open(browser, file, "light", 1600);
    const lost = (): Promise<number[]> =>
      page.$$eval("#onts .sortable tbody tr:not([hidden])", (rows) => {
        const heads = [...document.querySelectorAll("#onts .sortable thead th")].map((head) => head.textContent);
        const column = heads.indexOf("Sections lost");
        return rows.map((row) => Number((row as HTMLTableRowElement).cells[column].textContent));
      });
    await page.getByRole("button", { name: "Sections lost" }).click();
    const ascending = report.result.ontResults.map(({ sectionsLost }) => sectionsLost).sort((a, b) => a - b);
    expect(await lost()).toEqual(ascending);
    await page.getByRole("button", { name: "Sections lost" }).click();
    expect(await lost()).toEqual(ascending.toReversed());
    await page.getByLabel("Outcome").selectOption("rolled back");
    expect(await lost()).toHaveLength(3);
    expect(await page.locator("#onts form output").textContent()).toBe("3 of 24 ONTs");
    await page.getByLabel("Find").fill(report.result.ontResults[1].serial.toLowerCase());
    expect(await lost()).toHaveLength(1);
    await page.close();
  });

  it("reads values out under the cursor and by the keyboard, zooms all charts over time together", async () => {
    const { page } = await open(browser, file, "dark", 1600);
    const progress = page.locator("#progress .plot");
    await progress.locator(".u-over").hover();
    expect(await page.locator("#progress .readout").textContent()).toMatch(
      /^\d+\.\d+ s · ONT 1[12] · PCST\w+ · [a-z ]+$/,
    );
    expect(await page.locator("#completion .readout").textContent()).toContain("stored");
    await page.locator("#windows .plot").focus();
    await page.keyboard.press("ArrowRight");
    expect(await page.locator("#windows .readout").textContent()).toContain("window 0");
    await progress.scrollIntoViewIfNeeded();
    const box = (await progress.locator(".u-over").boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.2, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.3, box.y + 20);
    await page.mouse.up();
    await page.locator("#upstream .u-over").hover();
    const at = Number.parseFloat((await page.locator("#upstream .readout").textContent())!);
    const share = at / report.result.timing.totalSeconds;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.3);
    await page.close();
  });

  it("prints in light colours, whatever the screen has", async () => {
    const { page, errors } = await open(browser, file, "dark", 1600);
    const look = (): Promise<[string, number]> =>
      page.evaluate(() => [
        getComputedStyle(document.body).backgroundColor,
        document.querySelector<HTMLElement>("#progress .uplot")!.clientWidth,
      ]);
    const onScreen = await look();
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    const [paper, width] = await look();
    expect(paper).toBe("rgb(255, 255, 255)");
    expect(width).toBeLessThanOrEqual(720);
    await expectInk(page);
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    expect(await look()).toEqual(onScreen);
    expect(errors).toEqual([]);
    await page.close();
  });

  it("says in words what there is nothing to draw of", async () => {
    const empty = join(root, "empty.html");
    await makePage("onts: 2\nimage: { bytes: 20000, fault: wrongKey }\n", empty);
    const { page, errors } = await open(browser, empty, "light", 400);
    expect(await chartsOf(page)).toEqual(["progress", "downstream", "upstream"]);
    expect(await page.locator("#completion").textContent()).toContain("No ONT stored the image.");
    expect(await page.locator(".causes").textContent()).toContain("untrusted-signature");
    expect(errors).toEqual([]);
    await page.close();
  });
});

/** Views of a folder of runs in a real browser: runs are found, tagged and compared, sweeps explored, a run planned and started. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { figuresOf, type RunResult } from "../../../../run/result/index.ts";
import { runVirtual } from "../../../../run/virtual/index.ts";
import { parseScenario } from "../../../../scenarios/index.ts";
import { type DashboardServer, FolderLibrary, serveDashboard } from "../../../../web/dashboard/index.ts";
import { hasBrowser, launch } from "../../report/browser.ts";
import { root, useRoot } from "../fixture.ts";
import { axeFaults, downloaded, openPage, tooNarrow } from "./views.ts";

useRoot();

/** As some device or somebody might call it. */
const NASTY = "<img src=x onerror=alert(1)>";
const PRESETS = {
  small: "# A comment.\nname: small\nquestion: How long?\nonts: 8\nimage: { bytes: 200000 }\n",
  slow: "name: slow\nonts: 3\nimage: { bytes: 4000000 }\nolt: { rateBytesPerSecond: 50000, runSeconds: 3600 }\n",
  deltas: "name: deltas\nonts: 4\nimage:\n  bytes: 100000\n  deltas: [{ base: PONCAST-1.0.0 }]\n",
};

const runs = join(root, "runs");
let browser: Browser;
let server: DashboardServer;
const pages: Page[] = [];

async function runOf(name: string, more: string): Promise<RunResult> {
  const scenario = parseScenario(`${PRESETS.small}${more}`, "small.yaml");
  return (await runVirtual(scenario, { out: join(runs, name) })).result;
}

/** A sweep as it lies in its folder. */
function writeSweep(result: RunResult): void {
  const folder = join(root, "sweeps", "windows");
  mkdirSync(folder, { recursive: true });
  const cells = [8, 64, 240].flatMap((window) => ["parity", "window"].map((recovery) => [window, recovery] as const));
  const values = ([window, recovery]: (typeof cells)[number]) => ({
    "olt.windowSections": window,
    "olt.recovery": recovery,
  });
  const identity = {
    name: "windows",
    question: "Which?",
    digest: "d",
    version: "1",
    cells: cells.map((cell, index) => ({ index, values: values(cell) })),
    seeds: 2,
  };
  writeFileSync(join(folder, "sweep.json"), JSON.stringify(identity));
  const figures = figuresOf(result);
  const lines = cells.flatMap((cell, index) =>
    [1, 2].map((seed) => ({
      index: (seed - 1) * cells.length + index,
      cell: index,
      seed,
      values: values(cell),
      version: "1",
      digest: "d",
      figures: { ...figures, imageCopies: 1 + index / 10 + seed / 100 },
      exitCode: 0,
      reasons: [],
    })),
  );
  writeFileSync(join(folder, "runs.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

beforeAll(async () => {
  if (!hasBrowser) return;
  mkdirSync(runs, { recursive: true });
  writeSweep(await runOf("clean", ""));
  await runOf("lossy", "impairments: [{ kind: loss, chance: 0.2 }]\n");
  await runOf(NASTY, "");
  browser = await launch();
  server = await serveDashboard({
    host: "127.0.0.1",
    port: 0,
    library: new FolderLibrary(runs, [join(root, "sweeps")]),
    planning: { folder: runs, command: [process.execPath, resolve("dist/cli.js")], presets: () => PRESETS },
  });
});
afterEach(async () => {
  for (const page of pages.splice(0)) await page.close();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

async function open(address: string, scheme: "light" | "dark" = "light"): Promise<{ page: Page; errors: string[] }> {
  const shown = await openPage(browser, server.url, { scheme });
  pages.push(shown.page);
  await go(shown.page, address);
  return shown;
}

const go = (page: Page, address: string): Promise<void> =>
  page.evaluate((hash) => {
    location.hash = hash;
  }, address);

const namesIn = (page: Page): Promise<string[]> =>
  page.locator("main.runs tbody td:nth-child(2)").evaluateAll((cells) => cells.map((cell) => cell.textContent!));

describe.skipIf(!hasBrowser)("runs of a folder", () => {
  it("are sorted, found by words and tags, and compared with their differences marked", async () => {
    const { page, errors } = await open("#/runs");
    await page.getByRole("button", { name: "copies", exact: true }).click();
    await expect.poll(() => namesIn(page).then((names) => names[0])).toBe("lossy");
    await page.getByLabel("Search").fill("LOSS");
    await expect.poll(() => namesIn(page)).toEqual(["lossy"]);
    await page.getByRole("button", { name: "Tags of lossy" }).click();
    await page.keyboard.type("night bad,fibre");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Tags of lossy" }).getByText("night bad fibre").waitFor();
    expect(JSON.parse(readFileSync(join(runs, "lossy", "tags.json"), "utf8"))).toEqual(["night", "bad", "fibre"]);
    await page.getByLabel("Search").fill("");
    await page.getByRole("button", { name: "night 1" }).click();
    await expect.poll(() => namesIn(page)).toEqual(["lossy"]);
    await page.getByRole("button", { name: "night 1" }).click();
    for (const name of ["clean", "lossy"]) await page.getByRole("checkbox", { name: `Compare ${name}` }).check();
    await page.getByRole("link", { name: "Compare 2 runs" }).click();
    const figures = page.getByRole("region", { name: "Figures side by side" });
    await figures.locator("tr", { hasText: "Copies sent" }).locator(".differs.bad").waitFor();
    expect(await figures.locator("tr", { hasText: "Committed" }).locator(".differs").count()).toBe(0);
    const fields = page.getByRole("region", { name: "Fields side by side" });
    await fields.getByText("impairments[0].chance").waitFor();
    expect(await fields.getByText("olt.windowSections").count()).toBe(0);
    await page.getByRole("button", { name: /^All \d+ fields/ }).click();
    await fields.getByText("olt.windowSections").waitFor();
    expect(errors).toEqual([]);
  });

  it("are taken along: pictures as SVG and PNG, tables as CSV", async () => {
    const { page } = await open("#/compare/clean,lossy");
    const picture = page.locator("figure.picture").first();
    const svg = await downloaded(page, () => picture.getByRole("button", { name: "SVG" }).click());
    expect(svg.name).toBe("ONTs-that-have-the-image-over-time.svg");
    const text = svg.bytes.toString();
    expect(text).toMatch(/^<svg[^>]* xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(text).toContain("clean");
    expect(text).not.toMatch(/var\(|class=/);
    const png = await downloaded(page, () => picture.getByRole("button", { name: "PNG" }).click());
    expect(png.bytes.subarray(1, 4).toString()).toBe("PNG");
    expect(png.bytes.length).toBeGreaterThan(2000);
    const table = page.locator(".data-table").first();
    const csv = await downloaded(page, () => table.getByRole("button", { name: "CSV" }).click());
    expect(csv.bytes.toString().split("\r\n")[0]).toBe("figure,clean,lossy");
    await picture.getByRole("group").focus();
    await page.keyboard.press("ArrowRight");
    await picture
      .getByText("clean 0")
      .or(picture.getByText(/clean \d/))
      .first()
      .waitFor();
  });

  it("show names that others gave as text", async () => {
    const { page, errors } = await open("#/runs");
    await page.getByRole("link", { name: NASTY }).waitFor();
    await go(page, `#/compare/clean,${encodeURIComponent(NASTY)}`);
    await page.getByRole("columnheader", { name: NASTY }).first().waitFor();
    expect(await page.locator("img").count()).toBe(0);
    expect(errors).toEqual([]);
  });
});

describe.skipIf(!hasBrowser)("a sweep", () => {
  it("is explored: figure, axis, series and facets are chosen", async () => {
    const { page, errors } = await open("#/sweeps");
    await page.getByRole("link", { name: "windows" }).click();
    await page.getByRole("combobox", { name: "Along the axis" }).waitFor();
    expect(await page.locator(".picture-box svg").count()).toBe(1);
    expect(await page.locator(".curve").count()).toBe(2);
    await page.getByLabel("Along the axis").selectOption("olt.recovery");
    await expect.poll(() => page.locator(".curve").count()).toBe(3);
    await page.getByLabel("Facets").selectOption("olt.windowSections");
    await expect.poll(() => page.locator(".picture-box svg").count()).toBe(3);
    await page.getByLabel("Series").selectOption("olt.windowSections");
    await page.getByLabel("Figure").selectOption("Whole run");
    await expect.poll(() => page.locator(".picture-box svg").count()).toBe(1);
    expect(errors).toEqual([]);
  });
});

describe.skipIf(!hasBrowser)("a plan", () => {
  it("is written as a form or as text, answered by the model while it is, and told its mistakes at their fields", async () => {
    const { page, errors } = await open("#/plan");
    await page.getByLabel("Begin with a preset").selectOption("small");
    const text = page.getByRole("textbox", { name: "Scenario as YAML" });
    const copies = page.locator(".answer .key dd").nth(2);
    await page.getByLabel("road", { exact: true }).waitFor();
    await expect.poll(() => page.getByLabel("onts", { exact: true }).inputValue()).toBe("8");
    await page.getByLabel("Hours of the night").fill("");
    await expect.poll(() => copies.textContent()).toMatch(/^1\.0/);
    await page.getByLabel("road", { exact: true }).selectOption("https");
    await expect.poll(() => copies.textContent()).toMatch(/^8\.0/);
    expect(await text.inputValue()).toBe(`${PRESETS.small}road: https\n`);
    await page.getByLabel("onts", { exact: true }).fill("129");
    const fault = page.locator("#field-onts-fault");
    await fault.getByText("129 is not allowed").waitFor();
    expect(await page.getByLabel("onts", { exact: true }).getAttribute("aria-invalid")).toBe("true");
    await text.fill(`${PRESETS.small}olt: { windowSections: 500 }\n`);
    // The part in which the mistake is opens by itself.
    await page.locator("#field-olt-windowSections-fault").waitFor();
    await page.getByRole("button", { name: "olt.windowSections" }).click();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("field-olt-windowSections");
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type("64");
    await expect.poll(() => text.inputValue()).toContain("windowSections: 64");
    expect(await text.inputValue()).toContain("# A comment.");
    await page.getByLabel("windowSections: as usual").click();
    await expect.poll(() => text.inputValue()).toBe(PRESETS.small);
    expect(errors).toEqual([]);
  });

  it("says what deltas save, what fits the night, and is saved", async () => {
    const { page } = await open("#/plan");
    await page.getByLabel("Begin with a preset").selectOption("deltas");
    await page.getByLabel("Hours of the night").fill("23:30-01:00");
    await page.getByText("from 23:30 on").waitFor();
    await page.getByText("fits, 1 h 30 min to spare").waitFor();
    await page.getByRole("button", { name: "Make the deltas and compare" }).click();
    await page.getByRole("region", { name: "Whole image against deltas" }).getByText("all by image").waitFor();
    const yaml = await downloaded(page, () => page.getByRole("button", { name: "Save the YAML" }).click());
    expect([yaml.name, yaml.bytes.toString()]).toEqual(["deltas.yaml", PRESETS.deltas]);
  });

  it("becomes a run of its own, which is watched, with the frames of its ONTs, and rewound to a time", async () => {
    const { page, errors } = await open("#/plan");
    await page.getByLabel("Begin with a preset").selectOption("small");
    await page.getByLabel("keep its frames").check();
    await page.locator(".start button.main").click();
    await page.getByText("As expected").waitFor();
    const name = readdirSync(runs).find((each) => each.endsWith("-small"))!;
    expect(readFileSync(join(runs, `${name}.yaml`), "utf8")).toBe(PRESETS.small);
    expect(existsSync(join(runs, name, "result.json"))).toBe(true);
    expect(page.url()).toContain(`#/run/${name}`);
    await page.getByRole("application").focus();
    for (const key of ["ArrowRight", "Enter"]) await page.keyboard.press(key);
    await page.getByRole("button", { name: "Show its frames" }).click();
    const frame = page.locator(".frame-list summary", { hasText: "Commit image" }).first();
    await frame.click();
    await page.locator(".frame-list details[open] pre", { hasText: "Software image" }).waitFor();
    await page.getByLabel("Again from its seed, to").fill("0,1");
    await page.getByRole("button", { name: "Rewind" }).click();
    await page.waitForURL(/small-again/);
    await page.getByRole("button", { name: "Step 100 ms" }).waitFor();
    await page.getByText("after 100 ms of virtual time").waitFor();
    await page.getByRole("button", { name: "Step 100 ms" }).click();
    await page.getByText("after 200 ms of virtual time").waitFor();
    await page.getByRole("combobox", { name: /^Time/ }).selectOption("as fast as it goes");
    await page.getByText("As expected").waitFor();
    expect(errors).toEqual([]);
  });

  it("becomes processes of this machine, which are steered", async () => {
    const { page, errors } = await open("#/plan");
    await page.getByRole("textbox", { name: "Scenario as YAML" }).fill(PRESETS.slow);
    await page.getByRole("combobox", { name: "Run it" }).selectOption("as processes of this machine");
    await page.locator(".start button.main:enabled").click();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Resume" }).waitFor();
    await page.getByLabel("Rate").first().fill("0.2");
    await page.getByRole("button", { name: "Set", exact: true }).click();
    await page.getByText("budget 200.0 kbit/s").waitFor();
    await page.getByRole("button", { name: "Abort …" }).click();
    await page.getByRole("button", { name: "Yes, abort" }).click();
    await page.getByText("Not as expected").waitFor();
    expect(errors).toEqual([]);
  });
});

describe.skipIf(!hasBrowser)("every view", () => {
  it.each(["light", "dark"] as const)(
    "has no fault that axe finds, and fits from 400 to 2,560 px, in %s",
    async (scheme) => {
      const { page, errors } = await open("#/runs", scheme);
      const views = [
        ["#/runs", page.getByRole("checkbox").first()],
        ["#/compare/clean,lossy", page.locator(".picture-box svg").first()],
        ["#/sweep/windows", page.locator(".picture-box svg").first()],
        ["#/plan", page.locator(".night")],
      ] as const;
      for (const [address, sign] of views) {
        await go(page, address);
        await sign.waitFor();
        expect(await axeFaults(page), address).toEqual([]);
        expect(await tooNarrow(page), address).toEqual([]);
        await page.setViewportSize({ width: 1280, height: 900 });
      }
      expect(errors).toEqual([]);
    },
  );
});

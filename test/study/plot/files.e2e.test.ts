/** Plots as files: their size on paper, the same to the byte each time, and nothing in them that only a browser draws. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileOf, plotFolders, type PlotAsk } from "../../../study/plot/index.ts";
import { loadSweep, runSweep } from "../../../study/sweep/index.ts";
import { removeFolder } from "../../support/folder.ts";

const ASK: PlotAsk = { statistic: "mean", theory: true, where: [] };
const FORM = { widthMm: 85, font: "sans", fontPoints: 8 } as const;

let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "poncast-plot-"));
  const file = join(folder, "small.yaml");
  writeFileSync(
    file,
    `name: small
scenario: { onts: 4, image: { bytes: 100KiB }, olt: { activate: false } }
matrix: { loss: [0, 0.01, 0.05], olt.recovery: [parity, window] }
seeds: 3
`,
  );
  const plan = loadSweep(file, () => undefined);
  await runSweep(plan, { out: join(folder, "study"), jobs: 2, version: "test" });
}, 120_000);
afterAll(() => removeFolder(folder));

describe("a plot as a file", () => {
  it("is as wide as asked for in each format, and the same again", async () => {
    const { drawn, picture } = await plotFolders([join(folder, "study")], ASK, FORM);
    expect(drawn.svg).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="85mm" height="[\d.]+mm" viewBox="0 0 240\.945 /,
    );
    expect(drawn.svg).not.toMatch(/currentColor|var\(|<style|aria-|NaN/);
    expect(picture.series).toEqual(["parity", "window"]);
    for (const words of ["Frame loss probability", "Copies of the image sent", "parity", "model"])
      expect(drawn.svg).toContain(`>${words}<`);
    const form = { font: "sans", dotsPerInch: 300, title: "small" } as const;
    const png = Buffer.from(await fileOf(drawn, "png", form));
    expect(png.subarray(1, 4).toString("latin1")).toBe("PNG");
    // IHDR's width, and pHYs right behind it: dots a metre.
    expect(png.readUInt32BE(16)).toBe(Math.round((85 / 25.4) * 300));
    expect(png.subarray(37, 41).toString("latin1")).toBe("pHYs");
    expect(png.readUInt32BE(41)).toBe(11_811);
    const pdf = Buffer.from(await fileOf(drawn, "pdf", form)).toString("latin1");
    expect(pdf.slice(0, 5)).toBe("%PDF-");
    expect(pdf).toMatch(/MediaBox \[0 0 240\.9/);
    expect(pdf).toContain("Arimo");
    const again = await plotFolders([join(folder, "study")], ASK, FORM);
    expect(again.drawn.svg === drawn.svg).toBe(true);
    expect(Buffer.from(await fileOf(again.drawn, "png", form)).equals(png)).toBe(true);
    expect(Buffer.from(await fileOf(again.drawn, "pdf", form)).toString("latin1") === pdf).toBe(true);
  });

  it("shows of each series at one x less of a shift than a quarter of the way to the next", async () => {
    const ask: PlotAsk = { ...ASK, theory: false, kind: "points", x: "loss", logX: false };
    const { drawn, picture } = await plotFolders([join(folder, "study")], ask, FORM);
    const groups = [
      ...drawn.svg.matchAll(/<g transform="translate\((-?[\d.]+),0\)"[^>]* fill="#(?:0072b2|d55e00)">(.*?)<\/g>/g),
    ];
    expect(groups).toHaveLength(2);
    const shifts = groups.map(([, shift]) => Number(shift));
    const marks = [...groups[0][2].matchAll(/translate\(([\d.]+),/g)].map(([, x]) => Number(x));
    expect(marks).toHaveLength(3);
    expect(shifts[0]).toBeLessThan(0);
    expect(shifts[1] - shifts[0]).toBeLessThan((marks[1] - marks[0]) / 4);
    const xs = picture.panels[0].series[0].points.map(({ x }) => x);
    expect(xs).toEqual([0, 0.01, 0.05]);
  });

  it("draws boxes, distributions and panels", async () => {
    for (const kind of ["box", "ecdf", "scatter"] as const) {
      const y = kind === "ecdf" ? {} : { y: "download_seconds" };
      const ask: PlotAsk = {
        ...ASK,
        theory: false,
        kind,
        ...y,
        x: kind === "ecdf" ? "download_seconds" : "loss",
        facet: "olt_recovery",
      };
      const { drawn, picture } = await plotFolders([join(folder, "study")], ask, { ...FORM, font: "serif" });
      expect(picture.panels).toHaveLength(2);
      expect(drawn.svg).not.toContain("NaN");
      expect(drawn.svg).toContain("Tinos");
    }
  });

  it("asks for what a folder of before does not have", async () => {
    rmSync(join(folder, "study", "source.json"));
    await expect(plotFolders([join(folder, "study")], ASK, FORM)).rejects.toThrow(
      /source\.json is missing .* runs nothing twice/,
    );
    expect(readFileSync(join(folder, "study", "sweep.json"), "utf8")).toContain("small");
  });
});

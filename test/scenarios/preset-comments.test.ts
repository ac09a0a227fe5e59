/** What the comments of presets say in figures: those of the tool are on lines that name the command, all others stand in the file. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { presetFile, presetNames } from "../../cli/run-options.ts";
import { FIGURES_LINE, figuresOf, withFigures } from "../../docs/preset-figures.ts";
import { loadScenario } from "../../scenarios/index.ts";

const textOf = (name: string): string => readFileSync(presetFile(name)!, "utf8");

const WORDS = "half an,a,an,one,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve".split(",");
const NUMBERS = [0.5, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const UNITS: Readonly<Record<string, number>> = {
  s: 1,
  min: 60,
  minute: 60,
  h: 3600,
  hour: 3600,
  day: 86_400,
  month: 2_592_000,
};
const DURATION = new RegExp(String.raw`\b(${WORDS.join("|")}|\d[\d.,]*) (s|min|minute|h|hour|day|month)s?\b`, "g");
const SECONDS: readonly [end: string, seconds: number][] = [
  ["Seconds", 1],
  ["Microseconds", 1e-6],
  ["Ms", 1e-3],
];

/** Times of a second and more that words say. */
const saidSeconds = (words: string): number[] =>
  [...words.matchAll(DURATION)]
    .map(([, number, unit]) => (NUMBERS[WORDS.indexOf(number)] ?? Number(number.replaceAll(",", ""))) * UNITS[unit])
    .filter((seconds) => seconds >= 1);

/** The times that a scenario says, whatever its unit. */
function timesIn(value: unknown, name = ""): number[] {
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([key, each]) => timesIn(each, Array.isArray(value) ? name : key));
  const unit = SECONDS.find(([end]) => name.endsWith(end));
  return typeof value === "number" && unit !== undefined ? [value * unit[1]] : [];
}

describe("durations in words", () => {
  it.each([
    ["over two hours, and half an hour", [7200, 1800]],
    ["one a minute, 343 s, 6.7 s", [60, 343, 6.7]],
    ["take about six hours; a month", [21_600, 2_592_000]],
    ["250 µs and 10 ms, 16 sections", []],
  ])("%s", (words, seconds) => expect(saidSeconds(words)).toEqual(seconds));
});

describe.each(presetNames())("%s", (name) => {
  const comments = textOf(name)
    .split("\n")
    .filter((line) => line.startsWith("#"));
  const figures = [...textOf(name).matchAll(FIGURES_LINE)].map(([, words]) => words);

  it("has figures of its own: those of the model at least", () => {
    expect(figures[0]).toBe(`size ${name}`);
    expect(figures.filter((words) => words.split(" ")[1] !== name)).toEqual([]);
    expect(comments.filter((line) => line.startsWith("# Figures") && !/: \d/.test(line))).toEqual([]);
  });

  it("says no other figure of the tool's in words", () => {
    const words = comments
      .filter((line) => !line.startsWith("# Figures"))
      .map((line) => line.slice(2))
      .join(" ");
    expect([...words.matchAll(/\d[\d.]* copies/g)].map(([figure]) => figure)).toEqual([]);
    const settings = figures.flatMap((each) => [...each.matchAll(/([A-Za-z]+)=(\d+)/g)]);
    const known = [
      ...timesIn(loadScenario(presetFile(name)!)),
      ...settings.flatMap(([, field, value]) => timesIn(Number(value), field)),
    ];
    expect(saidSeconds(words).filter((seconds) => !known.includes(seconds))).toEqual([]);
  });
});

describe("figures of a preset", () => {
  it("are written where their command stands, and nowhere else", () => {
    const text = "# Figures (poncast size lossless-lab): none\n# 7 s\nonts: 1\n";
    expect(withFigures(text)).toBe(
      `# Figures (poncast size lossless-lab): ${figuresOf("size lossless-lab")}\n# 7 s\nonts: 1\n`,
    );
  });

  it("take fields that differ", () => {
    expect(figuresOf("size lossless-lab --set onts=1 --set image.bytes=1048576")).toMatch(/^1\.00 copies of 1\.0 MiB/);
  });

  it.each([
    ["size nowhere", /no preset nowhere/],
    ["olt default", /not "size <preset>"/],
    ["size default --set onts", /onts is not path=value/],
  ])("%s is a mistake", (words, message) => expect(() => figuresOf(words)).toThrow(message));
});

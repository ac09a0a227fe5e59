/**
 * Figures in the comments of presets: lines that name the command which gives them, written and checked by it. All else that a
 * comment says is what the file itself says, or words.
 */
import { parse } from "yaml";
import { presetFile } from "../cli/run-options.ts";
import { bytesText, copiesText, durationText, rateText } from "../base/text/index.ts";
import { simulate } from "../run/virtual/index.ts";
import { loadScenario, type Override, type Scenario } from "../scenarios/index.ts";
import { type HttpsSizing, sizeAllPayloads, sizeCwmp, sizeFile, sizeHttps } from "../study/sizing/index.ts";

/** `# Figures (poncast size cold-night --set olt.mode=unicast): 128.66 copies, …` */
export const FIGURES_LINE = /^# Figures \(poncast ([^)]+)\):.*$/gm;

/** The text of a preset with its figures as they are now. */
export const withFigures = (preset: string): string =>
  preset.replaceAll(FIGURES_LINE, (_line, words: string) => `# Figures (poncast ${words}): ${figuresOf(words)}`);

/** @param words `size <preset>` or `run <preset> --virtual`, and fields that differ: `--set path=value` */
export function figuresOf(words: string): string {
  const [command, name, ...rest] = words.split(" ");
  const file = presetFile(name);
  if (file === undefined) throw new Error(`${words}: there is no preset ${name}`);
  const isRun = command === "run" && rest[0] === "--virtual";
  if (!isRun && command !== "size") throw new Error(`${words}: not "size <preset>" or "run <preset> --virtual"`);
  const scenario = loadScenario(file, settingsOf(words, rest.slice(isRun ? 1 : 0)));
  return isRun ? ofRun(scenario) : ofModel(scenario);
}

function settingsOf(words: string, rest: readonly string[]): Override[] {
  return rest
    .join(" ")
    .split(/ ?--set /)
    .slice(1)
    .map((setting) => {
      const [path, value] = setting.split("=");
      if (value === undefined) throw new Error(`${words}: ${setting} is not path=value`);
      return { path, value: parse(value) as unknown, option: "--set" };
    });
}

function ofModel(scenario: Scenario): string {
  if (scenario.road === "https") return ofHeadend(sizeHttps(scenario));
  if (scenario.road === "cwmp") return ofHeadend(sizeCwmp(scenario));
  if (scenario.road === "file") return ofVisits(scenario);
  const { imageCopies, seconds, imageBytes, bitsPerSecond, pons } = sizeAllPayloads(scenario);
  return `${copiesText(imageCopies)} copies of ${bytesText(imageBytes)} a port, ${durationText(seconds)}, ${rateText(bitsPerSecond * pons)}`;
}

const ofHeadend = ({ copies, bytesPerDevice, seconds100, meanBitsPerSecond }: HttpsSizing): string =>
  `${copiesText(copies)} copies, ${bytesText(bytesPerDevice)} a device, ${durationText(seconds100)}, ${rateText(meanBitsPerSecond)}`;

function ofVisits(scenario: Scenario): string {
  const { onts, bytesPerDevice, seconds100 } = sizeFile(scenario);
  return `${onts} visits, ${bytesText(bytesPerDevice)} a device, ${durationText(seconds100)}, nothing from the headend`;
}

function ofRun(scenario: Scenario): string {
  const { downstream, timing, onts, image } = simulate(scenario).result;
  const download = timing.downloadSeconds === null ? "no download" : durationText(timing.downloadSeconds);
  return `${copiesText(downstream.imageCopies)} copies of ${bytesText(image.bytes)}, ${download}, ${onts.committed} of ${onts.total} ONTs committed`;
}

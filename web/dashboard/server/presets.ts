/** Presets as the page shows them. */
import { parse } from "yaml";
import type { ListedPreset } from "../plan-types.ts";

/** Texts of scenarios by their names. */
export type PresetTexts = () => Readonly<Record<string, string>>;

/** With the question that each answers. */
export const presetsOf = (texts: PresetTexts): ListedPreset[] =>
  Object.entries(texts()).map(([name, yaml]) => ({ name, question: questionIn(yaml), yaml }));

function questionIn(yaml: string): string {
  try {
    const { question } = parse(yaml) as { question?: unknown };
    return typeof question === "string" ? question : "";
  } catch {
    return "";
  }
}

/** What the figures of a run are called, in which unit, and which way is better. */
import type { Figure, Figures } from "../../../../run/result/index.ts";
import { bytesText, copiesText, durationText } from "../../../../base/text/index.ts";
import { countWords } from "../words.ts";

export interface FigureWords {
  label: string;
  /** Behind the label of an axis, and of a column in a CSV. */
  unit: string;
  text: (value: number) => string;
  /** null: neither. */
  better: "less" | "more" | null;
}

const seconds = (label: string): FigureWords => ({ label, unit: "s", text: durationText, better: "less" });
const count = (label: string, unit: string, better: FigureWords["better"]): FigureWords => ({
  label,
  unit,
  text: (value) => (Number.isInteger(value) ? countWords(value) : value.toFixed(2)),
  better,
});
const bytes = (label: string): FigureWords => ({ label, unit: "bytes", text: bytesText, better: "less" });

export const FIGURE_WORDS: Readonly<Record<Figure, FigureWords>> = {
  imageCopies: { label: "Copies sent", unit: "copies", text: copiesText, better: "less" },
  downloadSeconds: seconds("Download, last ONT"),
  p50Seconds: seconds("Download, median ONT"),
  p95Seconds: seconds("Download, 95 %"),
  p99Seconds: seconds("Download, 99 %"),
  activateSeconds: seconds("Activation"),
  totalSeconds: seconds("Whole run"),
  downstreamBytes: bytes("Downstream"),
  upstreamBytes: bytes("Upstream"),
  upstreamFrames: count("Upstream frames", "frames", "less"),
  sections: count("Sections", "sections", "less"),
  repairSections: count("Repairs", "sections", "less"),
  windows: count("Windows", "windows", null),
  leftGroup: count("Left the group", "ONTs", "less"),
  committed: count("Committed", "ONTs", "more"),
  stored: count("Stored", "ONTs", "more"),
  rolledBack: count("Rolled back", "ONTs", "less"),
  failed: count("Failed", "ONTs", "less"),
};

export const FIGURES_SHOWN: readonly Figure[] = Object.keys(FIGURE_WORDS) as Figure[];

export const figureText = (figure: Figure, figures: Figures): string => {
  const value = figures[figure];
  return value === null ? "–" : FIGURE_WORDS[figure].text(value);
};

/** Of a column or row: with the unit, where it is none that counts things. */
export function figureHead(figure: Figure): string {
  const { label, unit } = FIGURE_WORDS[figure];
  return unit === "s" || unit === "bytes" ? `${label}, ${unit}` : label;
}

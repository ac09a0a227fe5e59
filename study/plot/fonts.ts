/**
 * The fonts of plots, and the machinery of PNG: files that come along. Arimo and Tinos take the room of Helvetica (Arial) and
 * Times, so that an SVG looks the same where only these are.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { create, type Font } from "fontkit";
import { RunInputError } from "../../run/index.ts";
import type { PlotFont } from "./types.ts";

/** Name in the bundle's folder, and where the package has it. */
type Asset = readonly [name: string, inPackage: string];

const FONT_FILES: Readonly<Record<PlotFont, Asset>> = {
  sans: ["arimo.ttf", "@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf"],
  serif: ["tinos.ttf", "@expo-google-fonts/tinos/400Regular/Tinos_400Regular.ttf"],
};
const RESVG: Asset = ["resvg.wasm", "@resvg/resvg-wasm/index_bg.wasm"];

/** Family names as they stand in a picture, the one that comes along first. */
export const FAMILIES: Readonly<Record<PlotFont, string>> = {
  sans: "Arimo, Helvetica, Arial, 'Liberation Sans', sans-serif",
  serif: "Tinos, Times, 'Times New Roman', 'Liberation Serif', serif",
};

export const fontBytes = (font: PlotFont): Buffer => asset(FONT_FILES[font]);
export const resvgBytes = (): Buffer => asset(RESVG);

/** @throws RunInputError where the build has not put it there */
function asset([name, inPackage]: Asset): Buffer {
  const here = dirname(fileURLToPath(import.meta.url));
  const places = [join(here, name), resolve(here, "../../dist", name), resolve(here, "../../node_modules", inPackage)];
  const found = places.find((path) => existsSync(path));
  if (found === undefined) throw new RunInputError(`no ${name} in ${here}; run: npm run build`);
  return readFileSync(found);
}

/** Widths of texts, in the unit of the font's size. */
export class Measure {
  readonly #font: Font;

  constructor(font: PlotFont) {
    this.#font = create(fontBytes(font)) as Font;
  }

  width(text: string, size: number): number {
    const { advanceWidth } = this.#font.layout(text);
    return (advanceWidth / this.#font.unitsPerEm) * size;
  }
}

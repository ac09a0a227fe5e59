/** What is taken along from the page: pictures as SVG and PNG, tables as CSV, texts. */
import { csvLine } from "../../../../base/text/index.ts";

/** What of a style sheet a picture takes with it: wherever it is shown, there is none. */
const STYLES = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-opacity",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
] as const;
/** Of a PNG beside the page: for print and for dense screens. */
const PNG_SCALE = 2;
const NAME_LENGTH_MAX = 80;
/** Kept until the browser has taken it. */
const KEPT_MS = 10_000;

const fileName = (title: string, ending: string): string =>
  `${title
    .normalize("NFKD")
    .replaceAll(/[^\w.]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, NAME_LENGTH_MAX)}.${ending}`;

function save(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}

/** The picture as it stands there, with its colours in it. */
export function svgText(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const originals = [svg, ...svg.querySelectorAll<SVGElement>("*")];
  for (const [at, element] of [copy, ...copy.querySelectorAll<SVGElement>("*")].entries()) {
    const style = getComputedStyle(originals[at]);
    for (const name of STYLES) {
      const value = style.getPropertyValue(name);
      if (value !== "" && value !== "none" && value !== "normal") element.setAttribute(name, value);
      else if (name === "fill" || name === "stroke") element.setAttribute(name, "none");
    }
    element.removeAttribute("class");
  }
  return new XMLSerializer().serializeToString(copy);
}

export const saveSvg = (svg: string, title: string): void =>
  save(new Blob([svg], { type: "image/svg+xml" }), fileName(title, "svg"));

export async function savePng(svg: string, title: string): Promise<void> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.width * PNG_SCALE;
  canvas.height = image.height * PNG_SCALE;
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  saveCanvas(canvas, title);
}

export const saveCanvas = (canvas: HTMLCanvasElement, title: string): void =>
  canvas.toBlob((content) => content !== null && save(content, fileName(title, "png")), "image/png");

/** A spreadsheet would take what begins so for a formula. */
const asText = (value: unknown): unknown =>
  typeof value === "string" && /^[=+@\t\r-]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : value;

export const csvText = (rows: readonly (readonly unknown[])[]): string =>
  rows.map((row) => csvLine(row.map(asText))).join("");

export const saveCsv = (rows: readonly (readonly unknown[])[], title: string): void =>
  save(new Blob([csvText(rows)], { type: "text/csv;charset=utf-8" }), fileName(title, "csv"));

export const saveYaml = (text: string, title: string): void =>
  save(new Blob([text], { type: "application/yaml;charset=utf-8" }), fileName(title, "yaml"));

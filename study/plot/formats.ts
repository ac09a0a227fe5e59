/** A drawn plot as a file: SVG as it is, PNG in the resolution of print, PDF with text and lines as such. */
import { crc32 } from "node:zlib";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import PDFDocument from "pdfkit";
import svgToPdf from "svg-to-pdfkit";
import type { DrawnPlot } from "./draw.ts";
import { FAMILIES, fontBytes, resvgBytes } from "./fonts.ts";
import type { PlotFont } from "./types.ts";

export const PICTURE_FORMATS = ["svg", "png", "pdf"] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

export interface PictureForm {
  font: PlotFont;
  /** Of PNG. */
  dotsPerInch: number;
  title: string;
}

const MM_PER_INCH = 25.4;
const POINTS_PER_INCH = 72;

export async function fileOf(drawn: DrawnPlot, format: PictureFormat, form: PictureForm): Promise<Uint8Array> {
  switch (format) {
    case "svg":
      return Buffer.from(drawn.svg);
    case "png":
      return pngOf(drawn, form);
    case "pdf":
      return pdfOf(drawn, form);
  }
}

/** It may be told only once what its code is. */
let ready: Promise<void> | undefined;

async function pngOf({ svg, widthPoints }: DrawnPlot, { font, dotsPerInch }: PictureForm): Promise<Uint8Array> {
  ready ??= initWasm(new Uint8Array(resvgBytes()));
  await ready;
  const [family] = FAMILIES[font].split(",");
  const picture = new Resvg(svg, {
    background: "#fff",
    fitTo: { mode: "width", value: Math.round((widthPoints / POINTS_PER_INCH) * dotsPerInch) },
    font: { fontBuffers: [new Uint8Array(fontBytes(font))], defaultFontFamily: family, loadSystemFonts: false },
  });
  try {
    return withResolution(picture.render().asPng(), dotsPerInch);
  } finally {
    picture.free();
  }
}

/** Bytes of a PNG's signature and its first chunk, IHDR. */
const AFTER_HEAD = 8 + 25;

/** The chunk pHYs says how large a dot is, so that a program sets the picture in its size (PNG, 11.3.4.3). */
function withResolution(png: Uint8Array, dotsPerInch: number): Uint8Array {
  const dotsPerMetre = Math.round((dotsPerInch / MM_PER_INCH) * 1000);
  const chunk = Buffer.alloc(21);
  chunk.writeUInt32BE(9, 0);
  chunk.write("pHYs", 4, "latin1");
  chunk.writeUInt32BE(dotsPerMetre, 8);
  chunk.writeUInt32BE(dotsPerMetre, 12);
  chunk.writeUInt8(1, 16);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17);
  return Buffer.concat([png.subarray(0, AFTER_HEAD), chunk, png.subarray(AFTER_HEAD)]);
}

/** The same picture makes the same file. */
const NO_DATE = new Date(0);

function pdfOf({ svg, widthPoints, heightPoints }: DrawnPlot, { font, title }: PictureForm): Promise<Uint8Array> {
  const size: [number, number] = [widthPoints, heightPoints];
  const info = { Title: title, Creator: "poncast", Producer: "poncast", CreationDate: NO_DATE };
  // Without a font of its own to begin with: those of PDF are files that do not come along.
  const document = new PDFDocument({ size, margin: 0, info, font: "" });
  document.registerFont("plot", fontBytes(font));
  const pieces: Uint8Array[] = [];
  const whole = new Promise<Uint8Array>((done) => {
    document.on("data", (piece: Uint8Array) => pieces.push(piece));
    document.on("end", () => done(Buffer.concat(pieces)));
  });
  svgToPdf(document, svg, 0, 0, {
    width: widthPoints,
    height: heightPoints,
    fontCallback: () => "plot",
  });
  document.end();
  return whole;
}

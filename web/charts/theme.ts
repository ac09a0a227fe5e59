/** Colours come from the style sheet, so that charts follow the page into dark mode and onto paper. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Side of a hatching's tile in canvas pixels. */
const TILE = 6;

/** States that are set apart from others by hatching as well as by colour. */
export const hatched: ReadonlySet<string> = new Set(["failed", "rolledBack", "off", "skipped"]);

/** Fill of a state: its colour, hatched where the state is trouble. */
export function stateFill(context: CanvasRenderingContext2D, state: string): string | CanvasPattern {
  const fill = colour(`state-${state}`);
  if (!hatched.has(state)) return fill;
  const tile = document.createElement("canvas");
  tile.width = TILE;
  tile.height = TILE;
  const pen = tile.getContext("2d")!;
  pen.fillStyle = fill;
  pen.fillRect(0, 0, TILE, TILE);
  pen.strokeStyle = colour("hatch");
  pen.lineWidth = 1.2;
  pen.beginPath();
  for (const offset of [-TILE, 0, TILE]) {
    pen.moveTo(offset, TILE);
    pen.lineTo(offset + TILE, 0);
  }
  pen.stroke();
  return context.createPattern(tile, "repeat") ?? fill;
}

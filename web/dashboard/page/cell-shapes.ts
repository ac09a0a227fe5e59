/** How a cell of each state looks: a colour and a shape of its own, the shapes of the terminal's view. Drawn once for each size. */
import { CELL_STATES, type CellState } from "../../../run/states/index.ts";
import { colour, stateFill } from "../../charts/theme.ts";

/** Of a canvas what a shape needs, so that it can be drawn elsewhere as well. */
export type CellPen = Pick<CanvasRenderingContext2D, "beginPath" | "arc" | "lineTo" | "closePath" | "fill" | "stroke">;
type Pen = CellPen;

const GAP = 1;
/** Dark shapes on these, light ones on the others, in both themes. */
const PALE: ReadonlySet<CellState> = new Set(["notStarted", "starting", "ready", "verifying", "trial", "skipped"]);
const PALE_DARK: ReadonlySet<CellState> = new Set([
  "verifying",
  "trial",
  "committed",
  "rolledBack",
  "off",
  "downloading",
  "rebooting",
  "skipped",
]);

const TURN = 2 * Math.PI;

/** In a square from -1 to 1. */
const SHAPES: Record<CellState, (pen: Pen) => void> = {
  notStarted: (pen) => dot(pen, 0.22),
  starting: (pen) => ring(pen, 0, TURN),
  ready: (pen) => {
    for (let part = 0; part < 4; part++) ring(pen, (part * TURN) / 4, ((part + 0.55) * TURN) / 4);
  },
  downloading: (pen) => polygon(pen, [-0.75, -0.5, 0.75, -0.5, 0, 0.75]).fill(),
  verifying: (pen) => polygon(pen, [0, -0.75, 0.75, 0, 0, 0.75, -0.75, 0]).stroke(),
  stored: (pen) => polygon(pen, [0, -0.8, 0.8, 0, 0, 0.8, -0.8, 0]).fill(),
  rebooting: (pen) => {
    ring(pen, 0, TURN * 0.75);
    polygon(pen, [0.1, -1, 0.1, -0.1, 0.7, -0.6]).fill();
  },
  trial: (pen) => {
    ring(pen, 0, TURN);
    pen.beginPath();
    pen.arc(0, 0, 0.62, TURN / 4, (3 * TURN) / 4);
    pen.fill();
  },
  committed: (pen) => dot(pen, 0.7),
  skipped: (pen) => line(pen, [-0.7, 0, 0.7, 0]),
  rolledBack: (pen) => {
    line(pen, [0.7, 0.45, 0.7, -0.1, -0.6, -0.1]);
    line(pen, [-0.15, -0.6, -0.65, -0.1, -0.15, 0.4]);
  },
  failed: (pen) => {
    line(pen, [-0.65, -0.65, 0.65, 0.65]);
    line(pen, [-0.65, 0.65, 0.65, -0.65]);
  },
  off: (pen) => polygon(pen, [-0.6, -0.6, 0.6, -0.6, 0.6, 0.6, -0.6, 0.6]).stroke(),
};

function dot(pen: Pen, radius: number): void {
  pen.beginPath();
  pen.arc(0, 0, radius, 0, TURN);
  pen.fill();
}

function ring(pen: Pen, from: number, to: number): void {
  pen.beginPath();
  pen.arc(0, 0, 0.62, from, to);
  pen.stroke();
}

function line(pen: Pen, points: readonly number[]): void {
  pen.beginPath();
  for (let at = 0; at < points.length; at += 2) pen.lineTo(points[at], points[at + 1]);
  pen.stroke();
}

function polygon(pen: Pen, points: readonly number[]): Pen {
  pen.beginPath();
  for (let at = 0; at < points.length; at += 2) pen.lineTo(points[at], points[at + 1]);
  pen.closePath();
  return pen;
}

/**
 * By code; each as large as a cell with its gap.
 *
 * @param pitch in the canvas's own pixels
 */
export function cellSprites(pitch: number, scale: number): HTMLCanvasElement[] {
  const isDark = colour("page") !== "#ffffff";
  return CELL_STATES.map((state) => spriteOf(state, pitch, scale, isDark));
}

/** One alone, for a legend. */
export function spriteOf(state: CellState, pitch: number, scale: number, isDark: boolean): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = pitch;
  const pen = canvas.getContext("2d", { alpha: false })!;
  const side = pitch - Math.max(1, Math.round(GAP * scale));
  pen.fillStyle = colour("page");
  pen.fillRect(0, 0, pitch, pitch);
  pen.fillStyle = stateFill(pen, state);
  pen.fillRect(0, 0, side, side);
  pen.translate(side / 2, side / 2);
  const radius = side * 0.36;
  pen.scale(radius, radius);
  pen.lineWidth = 0.3;
  pen.lineCap = "round";
  pen.lineJoin = "round";
  pen.strokeStyle = pen.fillStyle = inkOf(state, isDark, colour);
  drawShape(state, pen);
  return canvas;
}

/** In a square from -1 to 1. */
export const drawShape = (state: CellState, pen: CellPen): void => SHAPES[state](pen);

/** What its shape is drawn with. */
export function inkOf(state: CellState, isDark: boolean, colourOf: (name: string) => string): string {
  if (state === "notStarted" || (isDark && (state === "starting" || state === "ready"))) return colourOf("muted");
  return (isDark ? PALE_DARK : PALE).has(state) ? "#1b2027" : "#ffffff";
}

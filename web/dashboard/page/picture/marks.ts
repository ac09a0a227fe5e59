/** Marks of series: each has a shape of its own beside its colour. */

/** Looks of series in the style sheet; more series begin again. */
export const SERIES_LOOKS = 6;

type Corner = readonly [right: number, down: number];

const CORNERS: readonly (readonly Corner[] | undefined)[] = [
  undefined,
  [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  [
    [0, -1.2],
    [1.1, 0.9],
    [-1.1, 0.9],
  ],
  [
    [0, -1.3],
    [1.3, 0],
    [0, 1.3],
    [-1.3, 0],
  ],
  [
    [0, 1.2],
    [1.1, -0.9],
    [-1.1, -0.9],
  ],
  [
    [-1.4, -0.5],
    [1.4, -0.5],
    [1.4, 0.5],
    [-1.4, 0.5],
  ],
];

const text = (value: number): string => value.toFixed(1);

/** An SVG path about a point. */
export function markPath(look: number, x: number, y: number, size: number): string {
  const corners = CORNERS[look % SERIES_LOOKS];
  if (corners === undefined) {
    const half = `a${size} ${size} 0 1 0`;
    return `M${text(x - size)} ${text(y)}${half} ${2 * size} 0${half} ${-2 * size} 0Z`;
  }
  return `M${corners.map(([right, down]) => `${text(x + right * size)} ${text(y + down * size)}`).join("L")}Z`;
}

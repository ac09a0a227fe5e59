/** How series are told apart: colours that colour-blind readers tell apart, a sign and a line each, so that print in black does, too. */

/** Okabe and Ito, "Color Universal Design" (2008), without its yellow, which paper swallows. */
export const COLOURS = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
  "#000000",
  "#7f7f7f",
] as const;

/** Lengths of stroke and gap, for lines without signs. */
export const DASHES = ["", "5 2", "1.5 1.5", "6 2 1.5 2", "3 1.5", "8 2 1.5 2 1.5 2", "1 3", "2 4"] as const;

/** What a sign is drawn with: a part of a canvas. */
export interface Pen {
  moveTo: (x: number, y: number) => void;
  lineTo: (x: number, y: number) => void;
  closePath: () => void;
}

type Corner = readonly [x: number, y: number];

const round = (count: number, radius: number, from = -Math.PI / 2): Corner[] =>
  Array.from({ length: count }, (_, at): Corner => {
    const angle = from + (2 * Math.PI * at) / count;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });

const PLUS: readonly Corner[] = [
  [-0.35, -1.1],
  [0.35, -1.1],
  [0.35, -0.35],
  [1.1, -0.35],
  [1.1, 0.35],
  [0.35, 0.35],
  [0.35, 1.1],
  [-0.35, 1.1],
  [-0.35, 0.35],
  [-1.1, 0.35],
  [-1.1, -0.35],
  [-0.35, -0.35],
];
const turned = (corners: readonly Corner[]): Corner[] =>
  corners.map(([x, y]) => [(x - y) * Math.SQRT1_2, (x + y) * Math.SQRT1_2]);

/** Corners of signs of radius 1, of about one area. */
const SIGNS: readonly (readonly Corner[])[] = [
  round(24, 0.95),
  round(4, 1.2, Math.PI / 4),
  round(3, 1.35),
  round(4, 1.3),
  PLUS,
  round(3, 1.35, Math.PI / 2),
  turned(PLUS),
  round(5, 1.15),
];

/** A sign as Plot takes one: `size` is its area. */
export interface Sign {
  draw: (pen: Pen, size: number) => void;
}

export const signs: readonly Sign[] = SIGNS.map((corners) => ({
  draw: (pen, size) => {
    const radius = Math.sqrt(size / Math.PI);
    corners.forEach(([x, y], at) =>
      at === 0 ? pen.moveTo(x * radius, y * radius) : pen.lineTo(x * radius, y * radius),
    );
    pen.closePath();
  },
}));

/** A level line. */
export const LEVEL: Sign = {
  draw: (pen, size) => {
    const radius = Math.sqrt(size / Math.PI);
    pen.moveTo(-radius, 0);
    pen.lineTo(radius, 0);
  },
};

/** The sign as the path of an SVG around a point. */
export const signPath = (index: number, x: number, y: number, radius: number): string =>
  `M${SIGNS[index].map(([cx, cy]) => `${short(x + cx * radius)},${short(y + cy * radius)}`).join("L")}Z`;

export const short = (value: number): string => String(+value.toFixed(3));

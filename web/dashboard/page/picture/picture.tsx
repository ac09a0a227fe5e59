/** A picture of curves or points as SVG: with title and legend in it, so that it says what it is wherever it is taken. */
import { type Ref, render } from "preact";
import { useRef, useState } from "preact/hooks";
import { useWidth } from "../hooks.ts";
import { markPath, SERIES_LOOKS } from "./marks.ts";
import { PictureFrame } from "./frame.tsx";
import { svgText } from "./save.ts";
import { type Scale, shareAt, type Tick } from "./scale.ts";

const HEIGHT = 280;
const LEFT_LEAST = 44;
const RIGHT = 14;
const BOTTOM = 46;
const TOP = 26;
const LEGEND_LINE = 18;
const LETTER = 6.6;
const MARK = 4;
const CAP = 3;
/** Between two labels of an axis. */
const LABEL_GAP = 8;

export interface CurvePoint {
  x: number;
  y: number;
  /** Ends of its confidence interval. */
  low?: number;
  high?: number;
}

export interface Curve {
  name: string;
  points: readonly CurvePoint[];
  /** In steps, straight from point to point, or points alone. */
  line: "steps" | "straight" | "none";
  hasMarks: boolean;
}

export interface PictureSpec {
  /** Of its file, and above it. */
  title: string;
  x: Scale & { label: string };
  y: Scale & { label: string };
  curves: readonly Curve[];
  /** Lines for values, in the order of x. */
  readouts: readonly { x: number; text: string }[];
}

export function Picture({ spec }: { spec: PictureSpec }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const svg = useRef<SVGSVGElement>(null);
  const [at, setAt] = useState(-1);
  const place = placeOf(spec, Math.max(220, width));
  const { readouts } = spec;
  const shown = readouts[at];
  const step = (by: number): void => setAt(Math.max(0, Math.min(readouts.length - 1, at < 0 ? 0 : at + by)));
  return (
    <PictureFrame title={spec.title} svg={svg}>
      <div
        ref={box}
        class="picture-box"
        role="group"
        aria-label={`${spec.title}: arrow keys read values`}
        tabIndex={0}
        onKeyDown={({ key }: KeyboardEvent) => {
          if (key === "ArrowRight") step(1);
          if (key === "ArrowLeft") step(-1);
        }}
        onMouseMove={(event: MouseEvent) => {
          const { left } = box.current!.getBoundingClientRect();
          setAt(nearest(readouts, place, event.clientX - left));
        }}
        onMouseLeave={() => setAt(-1)}
      >
        {width > 0 && <Drawing spec={spec} place={place} svg={svg} cursor={shown?.x} />}
      </div>
      <output class="readout" aria-live="polite">
        {shown?.text ?? ""}
      </output>
    </PictureFrame>
  );
}

interface Drawn {
  spec: PictureSpec;
  place: Place;
  svg?: Ref<SVGSVGElement>;
  cursor?: number | undefined;
}

function Drawing({ spec, place, svg, cursor }: Drawn) {
  return (
    <svg
      ref={svg ?? null}
      width={place.width}
      height={place.height}
      viewBox={`0 0 ${place.width} ${place.height}`}
      role="img"
      aria-label={spec.title}
    >
      <Ground spec={spec} place={place} />
      {cursor !== undefined && (
        <line class="cursor" x1={place.x(cursor)} x2={place.x(cursor)} y1={place.top} y2={place.bottom} />
      )}
      {spec.curves.map((curve, number) => (
        <CurveShape key={curve.name} curve={curve} look={number % SERIES_LOOKS} place={place} />
      ))}
    </svg>
  );
}

/** As SVG, of a picture that stands nowhere on the page. */
export function pictureText(spec: PictureSpec, width: number): string {
  const out = document.createElement("div");
  out.className = "picture unseen";
  // Its colours are those of the page's style.
  document.body.append(out);
  render(<Drawing spec={spec} place={placeOf(spec, width)} />, out);
  const text = svgText(out.querySelector("svg")!);
  render(null, out);
  out.remove();
  return text;
}

interface Place {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  legend: { x: number; y: number }[];
  x: (value: number) => number;
  y: (value: number) => number;
}

function placeOf({ x, y, curves }: PictureSpec, width: number): Place {
  const longest = Math.max(0, ...y.ticks.map(({ text }) => text.length));
  const left = Math.max(LEFT_LEAST, 24 + longest * LETTER);
  const legend: Place["legend"] = [];
  let [nextX, line] = [left, 0];
  for (const { name } of curves) {
    const long = 26 + name.length * LETTER;
    if (nextX > left && nextX + long > width) [nextX, line] = [left, line + 1];
    legend.push({ x: nextX, y: TOP + line * LEGEND_LINE });
    nextX += long;
  }
  const top = TOP + (curves.length > 1 ? (line + 1) * LEGEND_LINE : 0) + 4;
  const bottom = top + HEIGHT - BOTTOM - TOP;
  const right = width - RIGHT;
  return {
    width,
    height: bottom + BOTTOM,
    left,
    right,
    top,
    bottom,
    legend: curves.length > 1 ? legend : [],
    x: (value) => left + shareAt(x, value) * (right - left),
    y: (value) => bottom - shareAt(y, value) * (bottom - top),
  };
}

function nearest(readouts: PictureSpec["readouts"], place: Place, x: number): number {
  let [best, least] = [-1, Infinity];
  for (const [index, readout] of readouts.entries()) {
    const apart = Math.abs(place.x(readout.x) - x);
    if (apart < least) [best, least] = [index, apart];
  }
  return best;
}

/** Ticks whose names stand apart from one another. */
function named(ticks: readonly Tick[], place: Place): Tick[] {
  let taken = -Infinity;
  return ticks.filter(({ at, text }) => {
    const [middle, half] = [place.x(at), (text.length * LETTER) / 2];
    if (middle - half < taken + LABEL_GAP) return false;
    taken = middle + half;
    return true;
  });
}

function Ground({ spec: { title, x, y, curves }, place }: { spec: PictureSpec; place: Place }) {
  const { left, right, top, bottom, width } = place;
  return (
    <g>
      <rect class="ground" width={width} height={place.height} />
      <text class="title" x={left} y={14}>
        {title}
      </text>
      {place.legend.map((spot, number) => (
        <g key={curves[number].name}>
          <path
            class={`mark s${number % SERIES_LOOKS}`}
            d={markPath(number % SERIES_LOOKS, spot.x + 5, spot.y + 8, MARK)}
          />
          <text class="name" x={spot.x + 14} y={spot.y + 12}>
            {curves[number].name}
          </text>
        </g>
      ))}
      {y.ticks.map(({ at, text }) => (
        <g key={at}>
          <line class="grid" x1={left} x2={right} y1={place.y(at)} y2={place.y(at)} />
          <text class="tick" x={left - 6} y={place.y(at) + 4} text-anchor="end">
            {text}
          </text>
        </g>
      ))}
      <line class="axis" x1={left} x2={right} y1={bottom} y2={bottom} />
      {named(x.ticks, place).map(({ at, text }) => (
        <g key={at}>
          <line class="axis" x1={place.x(at)} x2={place.x(at)} y1={bottom} y2={bottom + 4} />
          <text class="tick" x={place.x(at)} y={bottom + 18} text-anchor="middle">
            {text}
          </text>
        </g>
      ))}
      <text class="tick" x={(left + right) / 2} y={bottom + 36} text-anchor="middle">
        {x.label}
      </text>
      <text
        class="tick"
        x={12}
        y={(top + bottom) / 2}
        text-anchor="middle"
        transform={`rotate(-90 12 ${(top + bottom) / 2})`}
      >
        {y.label}
      </text>
    </g>
  );
}

function CurveShape({ curve, look, place }: { curve: Curve; look: number; place: Place }) {
  const { points, line, hasMarks } = curve;
  return (
    <g class={`curve s${look}`}>
      {line !== "none" && points.length > 0 && <path class="line" d={pathOf(points, line, place)} />}
      {points.map(({ x, low, high }) =>
        low === undefined || high === undefined ? null : (
          <path
            key={x}
            class="whisker"
            d={`M${place.x(x)} ${place.y(low)}V${place.y(high)}m${-CAP} 0h${2 * CAP}M${place.x(x) - CAP} ${place.y(low)}h${2 * CAP}`}
          />
        ),
      )}
      {hasMarks &&
        points.map(({ x, y }) => <path key={x} class="mark" d={markPath(look, place.x(x), place.y(y), MARK)} />)}
    </g>
  );
}

function pathOf(points: readonly CurvePoint[], line: "steps" | "straight", place: Place): string {
  const [first, ...rest] = points;
  const start = `M${place.x(first.x).toFixed(1)} ${place.y(first.y).toFixed(1)}`;
  return rest.reduce((path, { x, y }) => {
    const [right, down] = [place.x(x).toFixed(1), place.y(y).toFixed(1)];
    return line === "steps" ? `${path}H${right}V${down}` : `${path}L${right} ${down}`;
  }, start);
}

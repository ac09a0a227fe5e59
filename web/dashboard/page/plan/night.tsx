/** The night on a time axis: its hours, and how long each way to bring the image takes in it. */
import { useRef } from "preact/hooks";
import type { NightHours } from "../../../../study/sizing/index.ts";
import type { WayCost } from "../../plan-types.ts";
import { useWidth } from "../hooks.ts";
import { PictureFrame } from "../picture/frame.tsx";
import { durationText } from "../words.ts";

const TITLE = "How long each way takes";
const ROW = 34;
const BAR = 12;
const TOP = 30;
const BOTTOM = 28;
const RIGHT = 12;
const DAY_SECONDS = 86_400;
/** More of what does not fit than this is not drawn. */
const HOURS_TIMES_MAX = 2.5;
const BEFORE_SHARE = 0.04;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];
const TICK_WIDTH = 62;
/** From here on there is room for what a way has to spare. */
const WIDE = 520;

export function Night({ ways, hours }: { ways: readonly WayCost[]; hours: NightHours | null }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const svg = useRef<SVGSVGElement>(null);
  const longest = Math.max(...ways.map(({ seconds }) => seconds));
  const most =
    hours === null
      ? longest * 1.05
      : Math.min(Math.max(hours.seconds * 1.1, longest * 1.05), hours.seconds * HOURS_TIMES_MAX);
  const before = hours === null ? 0 : hours.seconds * BEFORE_SHARE;
  const right = Math.max(220, width) - RIGHT;
  const left = 10;
  const x = (seconds: number): number => left + ((Math.min(seconds, most) + before) / (most + before)) * (right - left);
  const height = TOP + ways.length * ROW + BOTTOM;
  const foot = height - BOTTOM;
  const step = STEPS.find((each) => ((right - left) * each) / (most + before) >= TICK_WIDTH) ?? most / 4;
  const ticks = ticksOf(hours, before, most, step);
  return (
    <PictureFrame title={TITLE} svg={svg}>
      <div ref={box} class="picture-box">
        {width > 0 && (
          <svg
            ref={svg}
            class="night"
            width={right + RIGHT}
            height={height}
            viewBox={`0 0 ${right + RIGHT} ${height}`}
            role="img"
            aria-label={`${TITLE}: ${ways.map((way) => `${way.name} ${endText(way, hours)}`).join("; ")}`}
          >
            <rect class="ground" width={right + RIGHT} height={height} />
            <text class="title" x={left} y={14}>
              {TITLE}
              {hours !== null && `, from ${clockText(hours.startSeconds)} on`}
            </text>
            {hours !== null && (
              <>
                <rect class="hours" x={x(0)} y={TOP - 6} width={x(hours.seconds) - x(0)} height={foot - TOP + 6} />
                <line class="limit" x1={x(hours.seconds)} x2={x(hours.seconds)} y1={TOP - 6} y2={foot} />
              </>
            )}
            {ticks.map(({ at, text }) => (
              <g key={at}>
                <line class="axis" x1={x(at)} x2={x(at)} y1={foot} y2={foot + 4} />
                <text class="tick" x={x(at)} y={foot + 18} text-anchor="middle">
                  {text}
                </text>
              </g>
            ))}
            <line class="axis" x1={left} x2={right} y1={foot} y2={foot} />
            {ways.map((way, row) => (
              <Bar
                key={way.name}
                way={way}
                hours={hours}
                y={TOP + row * ROW}
                x={x}
                most={most}
                isShort={width < WIDE}
              />
            ))}
          </svg>
        )}
      </div>
    </PictureFrame>
  );
}

interface BarOf {
  way: WayCost;
  hours: NightHours | null;
  y: number;
  x: (seconds: number) => number;
  most: number;
  /** There is no room for more than its time. */
  isShort: boolean;
}

function Bar({ way, hours, y, x, most, isShort }: BarOf) {
  const { seconds, name, isAsked, reached } = way;
  const within = hours === null ? seconds : Math.min(seconds, hours.seconds);
  const top = y + 14;
  return (
    <g>
      <text class={isAsked ? "name asked" : "name"} x={x(0) + 4} y={y + 10}>
        {name}: {isShort ? durationText(seconds) : endText(way, hours)}
      </text>
      <rect class={isAsked ? "bar asked" : "bar"} x={x(0)} y={top} width={Math.max(2, x(within) - x(0))} height={BAR} />
      {seconds > within && (
        <rect class="bar over" x={x(within)} y={top} width={Math.max(2, x(seconds) - x(within))} height={BAR} />
      )}
      {seconds > most && <path class="bar over" d={`M${x(most)} ${top - 2}l8 8l-8 8z`} />}
      {reached?.slice(0, 2).map((at) => (
        <line key={at} class="reached" x1={x(at)} x2={x(at)} y1={top} y2={top + BAR} />
      ))}
    </g>
  );
}

function endText({ seconds, spareSeconds }: WayCost, hours: NightHours | null): string {
  if (hours === null || spareSeconds === null) return durationText(seconds);
  const spare = durationText(Math.abs(spareSeconds));
  return `${durationText(seconds)}, done at ${clockText(hours.startSeconds + seconds)}${dayText(hours, seconds)}, ${spareSeconds < 0 ? `${spare} too long` : `${spare} to spare`}`;
}

function dayText({ startSeconds }: NightHours, seconds: number): string {
  const days = Math.floor((startSeconds + seconds) / DAY_SECONDS);
  return days === 0 ? "" : days === 1 ? " the next day" : ` ${days} days later`;
}

function clockText(seconds: number): string {
  const day = Math.floor(seconds) % DAY_SECONDS;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const rest = day % 60;
  return `${two(day / 3600)}:${two((day / 60) % 60)}${rest === 0 ? "" : `:${two(rest)}`}`;
}

function ticksOf(hours: NightHours | null, before: number, most: number, step: number): { at: number; text: string }[] {
  const from = hours?.startSeconds ?? 0;
  const first = Math.ceil((from - before) / step) * step;
  const ticks: { at: number; text: string }[] = [];
  for (let at = first; at <= from + most; at += step)
    ticks.push({
      at: at - from,
      text: hours === null ? durationText(at) : clockText((at + DAY_SECONDS) % DAY_SECONDS),
    });
  return ticks;
}

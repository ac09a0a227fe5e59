/** All ONTs as cells on one canvas, by port: drawn as they change, walked through by keys, opened by a click. */
import { useEffect, useRef, useState } from "preact/hooks";
import { CELL_STATES, cellLabels } from "../../../run/states/index.ts";
import { colour } from "../../charts/theme.ts";
import { portOf, type ShownRun } from "../model/apply.ts";
import {
  BAR,
  BAR_BACK,
  blockAt,
  cellAt,
  type CellLayout,
  DOWNLOADING,
  layoutOf,
  ontAfter,
  ontAt,
  SHARE_WHOLE,
} from "./cell-layout.ts";
import { cellPicture } from "./cell-picture.ts";
import { cellSprites } from "./cell-shapes.ts";
import { useTheme, useWidth } from "./hooks.ts";
import { TakeAlong } from "./take-along.tsx";
import type { RunStore } from "./store.ts";
import { timeWords } from "./words.ts";

const KEYS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);

interface Drawn {
  pen: CanvasRenderingContext2D;
  layout: CellLayout;
  sprites: readonly HTMLCanvasElement[];
  scale: number;
}

/** Draws cells that have changed; undefined = all. @returns how long it took, ms */
export function drawCells(
  { pen, layout, sprites, scale }: Drawn,
  shown: ShownRun,
  changed?: readonly number[],
): number {
  const beganMs = performance.now();
  const { states, shares } = shown;
  const { pitch } = layout;
  const edge = Math.round(scale);
  const bar = Math.max(1, Math.round(2 * scale));
  const side = Math.round((pitch - 1) * scale);
  const draw = (ont: number): void => {
    const { x, y } = cellAt(layout, ont);
    const [left, top] = [Math.round(x * scale), Math.round(y * scale)];
    const code = states[ont];
    pen.drawImage(sprites[code], left, top);
    if (code !== DOWNLOADING) return;
    pen.fillStyle = BAR_BACK;
    const foot = top + side - bar - edge;
    pen.fillRect(left + edge, foot, side - 2 * edge, bar);
    pen.fillStyle = BAR;
    pen.fillRect(left + edge, foot, Math.round(((side - 2 * edge) * shares[ont]) / SHARE_WHOLE), bar);
  };
  if (changed === undefined) for (let ont = 0; ont < states.length; ont++) draw(ont);
  else for (const ont of changed) draw(ont);
  return performance.now() - beganMs;
}

function drawLabels({ pen, layout, scale }: Drawn, pons: number): void {
  pen.fillStyle = colour("page");
  pen.fillRect(0, 0, pen.canvas.width, pen.canvas.height);
  if (pons === 1) return;
  pen.fillStyle = colour("muted");
  pen.font = `${12 * scale}px system-ui, sans-serif`;
  pen.textBaseline = "top";
  for (let port = 0; port < pons; port++) {
    const { x, y } = blockAt(layout, port);
    pen.fillText(`port ${port}`, x * scale, y * scale);
  }
}

export function cellText(shown: ShownRun, ont: number): string {
  const { facts, serials, states, shares, causes } = shown;
  const port = facts.pons > 1 ? ` · port ${portOf(facts, ont)}` : "";
  const share = states[ont] === DOWNLOADING ? ` ${shares[ont]} %` : "";
  const cause = causes.get(ont);
  const serial = serials[ont] === "" ? "" : ` · ${serials[ont]}`;
  return `ONT ${ont}${port}${serial} · ${cellLabels[CELL_STATES[states[ont]]]}${share}${cause === undefined ? "" : `: ${cause}`}`;
}

export function Cells({ store, open }: { store: RunStore; open: (ont: number) => void }) {
  const shown = store.shown!;
  const [frame, width] = useWidth<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  const [at, setAt] = useState(-1);
  const { onts, pons } = shown.facts;
  const layout = layoutOf(onts, pons, Math.max(160, width));

  useEffect(() => {
    const element = canvas.current;
    if (element === null || width === 0) return undefined;
    const scale = devicePixelRatio;
    element.width = Math.round(width * scale);
    element.height = Math.round(layout.height * scale);
    const pen = element.getContext("2d", { alpha: false })!;
    const drawn: Drawn = { pen, layout, scale, sprites: cellSprites(Math.round(layout.pitch * scale), scale) };
    drawLabels(drawn, pons);
    store.takeChanged();
    drawCells(drawn, store.shown!);
    return store.listen(() => {
      const tookMs = drawCells(drawn, store.shown!, store.takeChanged());
      // For whoever measures the page.
      element.dataset.ms = tookMs.toFixed(2);
    });
  }, [store, shown, width, theme, layout.height, layout.pitch, layout.columns]);

  const spot = at < 0 ? undefined : cellAt(layout, at);
  const find = (event: MouseEvent): number => {
    const { left, top } = canvas.current!.getBoundingClientRect();
    return ontAt(layout, event.clientX - left, event.clientY - top);
  };
  return (
    <div class="cells">
      <div
        ref={frame}
        class="cell-frame"
        role="application"
        aria-roledescription="map of ONTs"
        aria-label={`${onts} ONTs: arrow keys go from cell to cell, Enter opens one`}
        aria-describedby="cell-text"
        tabIndex={0}
        onKeyDown={(event: KeyboardEvent) => {
          if (KEYS.has(event.key)) {
            event.preventDefault();
            setAt(at < 0 ? 0 : ontAfter(layout, at, event.key));
          } else if ((event.key === "Enter" || event.key === " ") && at >= 0) {
            event.preventDefault();
            open(at);
          }
        }}
        onMouseMove={(event: MouseEvent) => setAt(find(event))}
        onClick={(event: MouseEvent) => {
          const ont = find(event);
          if (ont >= 0) open(ont);
        }}
      >
        <canvas ref={canvas} style={{ height: `${layout.height}px` }} />
        {spot && (
          <span
            class="cell-cursor"
            style={{
              left: `${spot.x - 2}px`,
              top: `${spot.y - 2}px`,
              width: `${layout.pitch + 3}px`,
              height: `${layout.pitch + 3}px`,
            }}
          />
        )}
      </div>
      <p id="cell-text" class="readout" aria-live="polite">
        {at < 0 ? "" : cellText(shown, at)}
      </p>
      <TakeAlong
        name={`${shown.facts.name} ONTs`}
        picture={() => {
          const now = store.shown!;
          const title = `${now.facts.name}: ONTs at ${timeWords(now.head.elapsedMs)}`;
          return cellPicture({ shown: now, layout, title, colour });
        }}
      />
    </div>
  );
}

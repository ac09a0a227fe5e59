/** What the shapes and colours of cells say, and how many ONTs are in each state. */
import { useEffect, useRef } from "preact/hooks";
import { CELL_STATES, cellLabels, type CellState } from "../../../run/states/index.ts";
import { colour } from "../../charts/theme.ts";
import type { ShownRun } from "../model/apply.ts";
import { spriteOf } from "./cell-shapes.ts";
import { useTheme } from "./hooks.ts";
import { countWords } from "./words.ts";

const SIDE = 18;

export function StateMark({ state }: { state: CellState }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  useEffect(() => {
    const scale = devicePixelRatio;
    const canvas = ref.current!;
    canvas.width = canvas.height = Math.round(SIDE * scale);
    const sprite = spriteOf(state, canvas.width, scale, colour("page") !== "#ffffff");
    canvas.getContext("2d")!.drawImage(sprite, 0, 0);
  }, [state, theme]);
  return <canvas ref={ref} class="state-mark" aria-hidden="true" />;
}

export function Legend({ shown }: { shown: ShownRun }) {
  return (
    <ul class="legend" aria-label="ONTs in each state">
      {CELL_STATES.map((state, code) =>
        shown.counts[code] === 0 ? null : (
          <li key={state}>
            <StateMark state={state} />
            {cellLabels[state]} <b>{countWords(shown.counts[code])}</b>
          </li>
        ),
      )}
    </ul>
  );
}

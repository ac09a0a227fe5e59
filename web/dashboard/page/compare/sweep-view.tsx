/** A sweep, explored: which figure, along which field, in which series and facets. */
import { useEffect, useState } from "preact/hooks";
import { valueWords } from "../../../../base/text/index.ts";
import type { ComparedCell } from "../../../report/sweep-data.ts";
import type { SweepFacts } from "../../compare-types.ts";
import { listOf } from "../ask.ts";
import { type Column, DataTable } from "../data-table.tsx";
import { Picture } from "../picture/picture.tsx";
import { countWords } from "../words.ts";
import { FIGURE_WORDS, figureHead, FIGURES_SHOWN } from "./figure-words.ts";
import {
  chosenCells,
  NO_FIELD,
  type SweepChoice,
  sweepPictures,
  usualChoice,
  varyingFields,
  withPart,
} from "./sweep-choice.ts";

export function SweepView({ name }: { name: string }) {
  document.title = `${name} · poncast`;
  const [sweep, setSweep] = useState<SweepFacts>();
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    void listOf<SweepFacts>(`/sweeps/${encodeURIComponent(name)}`).then((found) => {
      setSweep(found);
      setLost(found === undefined);
    });
  }, [name]);
  if (sweep === undefined) return <p class="hint">{isLost ? `There is no sweep ${name}.` : "…"}</p>;
  return <Explored sweep={sweep} />;
}

function Explored({ sweep }: { sweep: SweepFacts }) {
  const { stats, cellsMore, question, title, version } = sweep;
  const [choice, setChoice] = useState(() => usualChoice(stats));
  const pictures = sweepPictures(stats, choice, title);
  return (
    <main class="sweep">
      <header class="run-head">
        <p class="kind">
          sweep · {countWords(sweep.runs)} runs of {countWords(sweep.cells)} combinations, {sweep.seeds} seeds · poncast{" "}
          {version}
        </p>
        <h1>{title}</h1>
        {question !== "" && <p class="question">{question}</p>}
      </header>
      <Choices stats={stats} choice={choice} setChoice={setChoice} />
      <p class="hint">Means over the seeds; whiskers are their 95 % confidence interval.</p>
      {pictures.length === 0 ? (
        <p class="hint">No run got so far that it has this figure.</p>
      ) : (
        <div class="pictures">
          {pictures.map((spec) => (
            <Picture key={spec.title} spec={spec} />
          ))}
        </div>
      )}
      <h2>Combinations</h2>
      <DataTable
        name={`${title}, combinations`}
        columns={columnsOf(stats)}
        rows={chosenCells(stats, choice)}
        keyOf={({ cell }) => cell}
        isNamed={false}
      />
      {cellsMore > 0 && <p class="hint">and {countWords(cellsMore)} more: all are in stats.csv</p>}
    </main>
  );
}

interface Chosen {
  stats: readonly ComparedCell[];
  choice: SweepChoice;
  setChoice: (choice: SweepChoice) => void;
}

const PARTS = [
  ["x", "Along the axis"],
  ["series", "Series"],
  ["facets", "Facets"],
] as const;

function Choices({ stats, choice, setChoice }: Chosen) {
  const fields = varyingFields(stats);
  return (
    <div class="choices">
      <Choice
        label="Figure"
        value={choice.figure}
        options={FIGURES_SHOWN.map((figure) => [figure, FIGURE_WORDS[figure].label])}
        set={(figure) => setChoice({ ...choice, figure: figure as SweepChoice["figure"] })}
      />
      {fields.length > 0 &&
        PARTS.map(([part, label]) => (
          <Choice
            key={part}
            label={label}
            value={choice[part]}
            options={[
              ...(part === "x" ? [] : [[NO_FIELD, "none"] as [string, string]]),
              ...fields.map(({ field }): [string, string] => [field, field]),
            ]}
            set={(field) => setChoice(withPart(choice, part, field, stats))}
          />
        ))}
      {fields
        .filter(({ field }) => field in choice.fixed)
        .map(({ field, values }) => (
          <Choice
            key={field}
            label={`${field} is`}
            value={choice.fixed[field]}
            options={values.map(({ key, text }) => [key, text])}
            set={(key) => setChoice({ ...choice, fixed: { ...choice.fixed, [field]: key } })}
          />
        ))}
    </div>
  );
}

interface ChoiceOf {
  label: string;
  value: string;
  options: readonly (readonly [value: string, text: string])[];
  set: (value: string) => void;
}

function Choice({ label, value, options, set }: ChoiceOf) {
  return (
    <label>
      {label}
      <select value={value} onChange={(event: Event) => set((event.target as HTMLSelectElement).value)}>
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function columnsOf(stats: readonly ComparedCell[]): Column<ComparedCell>[] {
  const fields = Object.keys(stats[0]?.values ?? {});
  const figures = FIGURES_SHOWN.filter((figure) =>
    stats.some(({ figures: { [figure]: of } }) => (of?.most ?? 0) !== 0),
  );
  return [
    ...fields.map((field): Column<ComparedCell> => ({
      head: field,
      value: ({ values: { [field]: value } }) => (typeof value === "number" ? value : valueWords(value)),
    })),
    ...figures.map((figure): Column<ComparedCell> => {
      const { text } = FIGURE_WORDS[figure];
      return {
        head: figureHead(figure),
        value: ({ figures: { [figure]: of } }) => of?.mean ?? null,
        show: ({ figures: { [figure]: of } }) => (of === null ? "–" : text(of.mean)),
        isNumber: true,
      };
    }),
    { head: "runs", value: ({ runs }) => runs, isNumber: true },
    { head: "not as expected", value: ({ missed }) => missed, isNumber: true },
  ];
}

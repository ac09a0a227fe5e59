/** Runs that are over, side by side: figures with their differences, fields that are not alike, downloads over time. */
import { useEffect, useState } from "preact/hooks";
import { valueWords } from "../../../../base/text/index.ts";
import type { Figure } from "../../../../run/result/index.ts";
import type { FinishedRun } from "../../compare-types.ts";
import { listOf } from "../ask.ts";
import { type Column, DataTable } from "../data-table.tsx";
import { Picture } from "../picture/picture.tsx";
import { copiesText, durationText } from "../words.ts";
import { downloadsPicture, passesPicture } from "./compare-pictures.ts";
import { FIGURE_WORDS, figureHead, FIGURES_SHOWN, figureText } from "./figure-words.ts";

const WHOLE = 100;

export function SideBySide({ names }: { names: readonly string[] }) {
  document.title = "compare · poncast";
  const [runs, setRuns] = useState<(FinishedRun | undefined)[]>();
  const key = names.join("\n");
  useEffect(() => {
    let isOpen = true;
    setRuns(undefined);
    const asked = names.map((name) => listOf<FinishedRun>(`/runs/${encodeURIComponent(name)}/result`));
    void Promise.all(asked).then((found) => isOpen && setRuns(found));
    return () => {
      isOpen = false;
    };
  }, [key]);
  const there = (runs ?? []).filter((run) => run !== undefined);
  const lost = names.filter((_, at) => runs !== undefined && runs[at] === undefined);
  return (
    <main class="compare">
      <h1>{names.length} runs side by side</h1>
      {lost.length > 0 && <p class="notice bad">No result of {lost.join(", ")}.</p>}
      {runs === undefined && <p class="hint">…</p>}
      {there.length > 0 && <Compared runs={there} />}
    </main>
  );
}

function Compared({ runs }: { runs: readonly FinishedRun[] }) {
  const downloads = downloadsPicture(runs);
  return (
    <>
      <p class="hint">
        Compared with the first, <b>{runs[0].name}</b>. ▲ and ▼: more and less than it; green is better.
      </p>
      <Figures runs={runs} />
      <div class="pictures">
        {downloads !== undefined && <Picture spec={downloads} />}
        <Picture spec={passesPicture(runs)} />
      </div>
      <Fields runs={runs} />
    </>
  );
}

function Figures({ runs }: { runs: readonly FinishedRun[] }) {
  const figures = FIGURES_SHOWN.filter((figure) => runs.some((run) => (run.figures[figure] ?? 0) !== 0));
  const columns: Column<Figure>[] = [
    { head: "figure", value: figureHead },
    ...runs.map((run, at): Column<Figure> => ({
      head: run.name,
      value: (figure) => run.figures[figure],
      show: (figure) => <Against run={run} first={at === 0 ? undefined : runs[0]} figure={figure} />,
      isNumber: true,
    })),
  ];
  return (
    <section aria-label="Figures">
      <h2>Figures</h2>
      <DataTable name="Figures side by side" columns={columns} rows={figures} keyOf={(figure) => figure} />
      <DataTable
        name="How they ended"
        columns={[
          { head: "run", value: ({ name }) => name },
          { head: "seed", value: ({ seed }) => seed, isNumber: true },
          { head: "time is", value: ({ clock }) => (clock === "virtual" ? "virtual" : "the machine's") },
          { head: "poncast", value: ({ version }) => version },
          {
            head: "the model expected",
            value: ({ model }) =>
              model === null ? null : `${copiesText(model.copies)} copies, ${durationText(model.seconds)}`,
          },
          {
            head: "as expected",
            value: ({ asExpected, reasons }) => (asExpected ? "yes" : `no: ${reasons.join("; ")}`),
            isWords: true,
          },
        ]}
        rows={runs}
        keyOf={({ name }) => name}
      />
    </section>
  );
}

function Against({ run, first, figure }: { run: FinishedRun; first: FinishedRun | undefined; figure: Figure }) {
  const [value, other] = [run.figures[figure], first?.figures[figure] ?? null];
  const text = figureText(figure, run.figures);
  // What reads the same is none that anybody would call different.
  const isAlike = first !== undefined && text === figureText(figure, first.figures);
  if (first === undefined || isAlike) return <span>{text}</span>;
  if (value === null || other === null) return <b class="differs">{text}</b>;
  const { better } = FIGURE_WORDS[figure];
  const isBetter = better === null ? undefined : value < other === (better === "less");
  const change = other === 0 ? "" : ` ${changeText(value / other - 1)}`;
  return (
    <span class={isBetter === undefined ? "differs" : isBetter ? "differs good" : "differs bad"}>
      {text}{" "}
      <span class="change">
        {value > other ? "▲" : "▼"}
        <span class="unseen">{value > other ? "more" : "less"}</span>
        {change}
      </span>
    </span>
  );
}

function changeText(share: number): string {
  const percent = Math.abs(share) * WHOLE;
  return `${percent.toFixed(percent < 10 ? 1 : 0)} %`;
}

const NONE = "–";

function Fields({ runs }: { runs: readonly FinishedRun[] }) {
  const [isAll, setAll] = useState(false);
  const paths = [...new Set(runs.flatMap(({ fields }) => Object.keys(fields)))].sort();
  const textAt = (run: FinishedRun, path: string): string =>
    path in run.fields ? valueWords(run.fields[path]) || '""' : NONE;
  const isAlike = (path: string): boolean => new Set(runs.map((run) => textAt(run, path))).size === 1;
  const shown = isAll ? paths : paths.filter((path) => !isAlike(path));
  const columns: Column<string>[] = [
    { head: "field", value: (path) => path },
    ...runs.map((run): Column<string> => ({ head: run.name, value: (path) => textAt(run, path), isWords: true })),
  ];
  return (
    <section aria-label="Fields of the scenarios">
      <div class="section-head">
        <h2>{isAll ? "Fields of the scenarios" : "Fields that differ"}</h2>
        <button type="button" aria-pressed={isAll} onClick={() => setAll(!isAll)}>
          {isAll ? "Only what differs" : `All ${paths.length} fields`}
        </button>
      </div>
      {shown.length === 0 ? (
        <p class="hint">Their scenarios are the same in every field.</p>
      ) : (
        <DataTable
          name="Fields side by side"
          columns={columns}
          rows={shown}
          keyOf={(path) => path}
          classOf={(path) => (isAlike(path) ? "" : "differing")}
        />
      )}
    </section>
  );
}

/** The runs of a folder: found by words and tags, sorted, chosen to be compared. */
import { useState } from "preact/hooks";
import type { ListedRun } from "../../types.ts";
import { type Column, DataTable } from "../data-table.tsx";
import { copiesText, durationText } from "../words.ts";
import { TagField } from "./tag-field.tsx";

/** More beside each other nobody can read. */
const CHOSEN_MAX = 6;

export function RunsView({ runs, look }: { runs: readonly ListedRun[]; look: () => void }) {
  document.title = "runs · poncast";
  const [search, setSearch] = useState("");
  const [tag, setTag] = useState("");
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const there = chosen.filter((name) => runs.some((run) => run.name === name));
  const choose = (name: string): void =>
    setChosen(there.includes(name) ? there.filter((each) => each !== name) : [...there, name]);
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = runs.filter((run) => {
    const text = textOf(run);
    return (
      words.every((word) => text.includes(word)) && (tag === "" || run.tags.includes(tag) || run.kinds.includes(tag))
    );
  });
  return (
    <main class="runs">
      <div class="section-head">
        <h1>Runs</h1>
        <CompareLink names={there} />
      </div>
      {runs.length === 0 ? (
        <p class="hint">There is no run in this folder yet.</p>
      ) : (
        <>
          <div class="filters">
            <label class="search">
              Search
              <input
                type="search"
                value={search}
                onInput={(event: Event) => setSearch((event.target as HTMLInputElement).value)}
              />
            </label>
            <Tags runs={runs} tag={tag} setTag={setTag} />
          </div>
          <DataTable
            name="Runs"
            columns={columns(there, choose, look)}
            rows={found}
            keyOf={({ name }) => name}
            isNamed={false}
          />
          {found.length === 0 && <p class="hint">No run has these words.</p>}
        </>
      )}
    </main>
  );
}

function CompareLink({ names }: { names: readonly string[] }) {
  if (names.length < 2) return <p class="hint">Choose two runs or more to compare them.</p>;
  return (
    <a class="button main" href={`#/compare/${names.map(encodeURIComponent).join(",")}`}>
      Compare {names.length} runs
    </a>
  );
}

function Tags({ runs, tag, setTag }: { runs: readonly ListedRun[]; tag: string; setTag: (tag: string) => void }) {
  const counts = new Map<string, number>();
  for (const { tags, kinds } of runs)
    for (const each of [...tags, ...kinds]) counts.set(each, (counts.get(each) ?? 0) + 1);
  const names = [...counts.keys()].sort();
  return (
    <span class="tags" role="group" aria-label="Only runs with">
      {names.map((name) => (
        <button
          key={name}
          type="button"
          class="tag"
          aria-pressed={tag === name}
          onClick={() => setTag(tag === name ? "" : name)}
        >
          {name} <span class="aside">{counts.get(name)}</span>
        </button>
      ))}
    </span>
  );
}

const textOf = ({ name, scenario, state, tags, kinds }: ListedRun): string =>
  [name, scenario, state, ...tags, ...kinds].join(" ").toLowerCase();

const timeText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;

function columns(chosen: readonly string[], choose: (name: string) => void, look: () => void): Column<ListedRun>[] {
  return [
    {
      head: "",
      value: () => null,
      show: ({ name, state }) => (
        <input
          type="checkbox"
          aria-label={`Compare ${name}`}
          checked={chosen.includes(name)}
          disabled={state !== "ended" || (!chosen.includes(name) && chosen.length >= CHOSEN_MAX)}
          onChange={() => choose(name)}
        />
      ),
    },
    {
      head: "run",
      value: ({ name }) => name,
      show: ({ name }) => <a href={`#/run/${encodeURIComponent(name)}`}>{name}</a>,
    },
    { head: "scenario", value: ({ scenario }) => scenario },
    { head: "kind", value: ({ kinds }) => kinds.join(" ") },
    { head: "tags", value: ({ tags }) => tags.join(" "), show: (run) => <TagField run={run} look={look} /> },
    { head: "state", value: ({ state }) => state },
    { head: "ONTs", value: ({ onts }) => onts, isNumber: true },
    { head: "committed", value: ({ committed }) => committed, isNumber: true },
    {
      head: "as expected",
      value: ({ asExpected }) => (asExpected === null ? null : asExpected ? "yes" : "no"),
      show: ({ asExpected }) =>
        asExpected === null ? "–" : <span class={asExpected ? "" : "bad"}>{asExpected ? "yes" : "no"}</span>,
    },
    {
      head: "time, s",
      value: ({ seconds }) => seconds,
      show: ({ seconds }) => (seconds === null ? "–" : durationText(seconds)),
      isNumber: true,
    },
    {
      head: "copies",
      value: ({ copies }) => copies,
      show: ({ copies }) => (copies === null ? "–" : copiesText(copies)),
      isNumber: true,
    },
    { head: "changed", value: ({ changedMs }) => timeText(changedMs) },
    {
      head: "report",
      value: ({ hasReport }) => hasReport,
      show: ({ name, hasReport }) =>
        hasReport && (
          <a href={`/runs/${encodeURIComponent(name)}/report`} target="_blank" rel="noopener">
            report
          </a>
        ),
    },
  ];
}

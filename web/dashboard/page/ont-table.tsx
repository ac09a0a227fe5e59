/** The cells as a table: the same for screen readers, and for who looks for one by its serial number. */
import { useState } from "preact/hooks";
import { CELL_STATES, cellLabels } from "../../../run/states/index.ts";
import { portOf, type ShownRun } from "../model/apply.ts";
import { TakeAlong } from "./take-along.tsx";
import { countWords } from "./words.ts";

/** More are behind a search, or on another page. */
const ROWS_MAX = 128;

export function OntTable({ shown, open }: { shown: ShownRun; open: (ont: number) => void }) {
  const [search, setSearch] = useState("");
  const [from, setFrom] = useState(0);
  const wanted = search.trim().toLowerCase();
  const all = shown.serials.map((_, ont) => ont);
  const found = wanted === "" ? all : all.filter((ont) => textOf(shown, ont).includes(wanted));
  const hasBaseline = shown.inBaseline.size > 0;
  const first = Math.min(from, Math.max(0, found.length - 1));
  const rows = found.slice(first, first + ROWS_MAX);
  return (
    <div>
      <label class="search">
        Search
        <input
          type="search"
          value={search}
          onInput={(event: Event) => setSearch((event.target as HTMLInputElement).value)}
        />
      </label>
      <div class="scroll" role="region" aria-label="Table of ONTs" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">ONT</th>
              <th scope="col">port</th>
              <th scope="col">serial number</th>
              <th scope="col">state</th>
              <th scope="col">downloaded</th>
              {hasBaseline && <th scope="col">messages</th>}
              <th scope="col">cause</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((ont) => (
              <tr key={ont}>
                <td>
                  <button type="button" class="link" onClick={() => open(ont)}>
                    ONT {ont}
                  </button>
                </td>
                <td>{portOf(shown.facts, ont)}</td>
                <td>{shown.serials[ont]}</td>
                <td>{cellLabels[CELL_STATES[shown.states[ont]]]}</td>
                <td>{shown.shares[ont]} %</td>
                {hasBaseline && <td>{messagesOf(shown, ont)}</td>}
                <td class="words">{shown.causes.get(ont) ?? ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {found.length > ROWS_MAX && (
        <p class="pages">
          <button type="button" disabled={first === 0} onClick={() => setFrom(Math.max(0, first - ROWS_MAX))}>
            Before
          </button>
          {countWords(first + 1)} to {countWords(first + rows.length)} of {countWords(found.length)}
          <button type="button" disabled={first + ROWS_MAX >= found.length} onClick={() => setFrom(first + ROWS_MAX)}>
            After
          </button>
        </p>
      )}
      <TakeAlong
        name={`${shown.facts.name} ONTs`}
        rows={() => [
          ["ONT", "port", "serial number", "state", "downloaded %", ...(hasBaseline ? ["messages"] : []), "cause"],
          ...found.map((ont) => [
            ont,
            portOf(shown.facts, ont),
            shown.serials[ont],
            cellLabels[CELL_STATES[shown.states[ont]]],
            shown.shares[ont],
            ...(hasBaseline ? [messagesOf(shown, ont)] : []),
            shown.causes.get(ont) ?? "",
          ]),
        ]}
      />
    </div>
  );
}

const messagesOf = ({ inBaseline }: ShownRun, ont: number): string => (inBaseline.has(ont) ? "baseline" : "");

const textOf = (shown: ShownRun, ont: number): string =>
  `ont ${ont} ${shown.serials[ont]} ${cellLabels[CELL_STATES[shown.states[ont]]]} ${messagesOf(shown, ont)} ${shown.causes.get(ont) ?? ""}`.toLowerCase();

/** The runs of a folder, to be opened. */
import { useEffect, useState } from "preact/hooks";
import type { ListedRun } from "../types.ts";
import { listOf } from "./ask.ts";
import { copiesText, countWords, durationText } from "./words.ts";

const LOOK_MS = 2000;

export interface RunList {
  runs: ListedRun[];
  /** That of the server's own process. */
  live: string | null;
}

export function useRuns(): RunList | undefined {
  const [list, setList] = useState<RunList>();
  useEffect(() => {
    let isOpen = true;
    const look = async (): Promise<void> => {
      const found = await listOf<RunList>("/runs");
      if (isOpen && found !== undefined) setList(found);
    };
    void look();
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => {
      isOpen = false;
      clearInterval(timer);
    };
  }, []);
  return list;
}

const DASH = "–";

export function Runs({ runs }: { runs: readonly ListedRun[] }) {
  document.title = "runs · poncast";
  return (
    <main class="runs">
      <h1>Runs</h1>
      {runs.length === 0 ? (
        <p class="hint">There is no run in this folder yet.</p>
      ) : (
        <div class="scroll" role="region" aria-label="Runs" tabIndex={0}>
          <table>
            <thead>
              <tr>
                {[
                  "run",
                  "scenario",
                  "state",
                  "ONTs",
                  "committed",
                  "as expected",
                  "time",
                  "copies",
                  "changed",
                  "report",
                ].map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {runs.map((run) => (
                <Row key={run.name} run={run} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </main>
  );
}

function Row({ run }: { run: ListedRun }) {
  const { name, asExpected } = run;
  return (
    <tr>
      <th scope="row">
        <a href={`#/run/${encodeURIComponent(name)}`}>{name}</a>
      </th>
      <td>{run.scenario}</td>
      <td>{run.state}</td>
      <td>{countWords(run.onts)}</td>
      <td>{run.committed === null ? DASH : countWords(run.committed)}</td>
      <td class={asExpected === false ? "bad" : ""}>{asExpected === null ? DASH : asExpected ? "yes" : "no"}</td>
      <td>{run.seconds === null ? DASH : durationText(run.seconds)}</td>
      <td>{run.copies === null ? DASH : copiesText(run.copies)}</td>
      <td>{new Date(run.changedMs).toISOString().slice(0, 16).replace("T", " ")} UTC</td>
      <td>
        {run.hasReport && (
          <a href={`/runs/${encodeURIComponent(name)}/report`} target="_blank" rel="noopener">
            report
          </a>
        )}
      </td>
    </tr>
  );
}

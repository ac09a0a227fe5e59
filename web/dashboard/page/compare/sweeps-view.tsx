/** The sweeps that there are, to be explored. */
import { useEffect, useState } from "preact/hooks";
import type { ListedSweep } from "../../compare-types.ts";
import { listOf } from "../ask.ts";
import { DataTable } from "../data-table.tsx";

export function SweepsView() {
  document.title = "sweeps · poncast";
  const [sweeps, setSweeps] = useState<ListedSweep[]>();
  useEffect(() => {
    void listOf<{ sweeps: ListedSweep[] }>("/sweeps").then((found) => setSweeps(found?.sweeps ?? []));
  }, []);
  return (
    <main class="sweeps">
      <h1>Sweeps</h1>
      {sweeps?.length === 0 && (
        <p class="hint">
          There is none here: <code>poncast sweep</code> makes one, in the folder <code>sweeps</code> beside that of the
          runs.
        </p>
      )}
      {sweeps !== undefined && sweeps.length > 0 && (
        <DataTable
          name="Sweeps"
          columns={[
            {
              head: "sweep",
              value: ({ name }) => name,
              show: ({ name }) => <a href={`#/sweep/${encodeURIComponent(name)}`}>{name}</a>,
            },
            { head: "question", value: ({ question }) => question, isWords: true },
            { head: "combinations", value: ({ cells }) => cells, isNumber: true },
            { head: "seeds", value: ({ seeds }) => seeds, isNumber: true },
            { head: "runs", value: ({ runs }) => runs, isNumber: true },
            {
              head: "changed",
              value: ({ changedMs }) => `${new Date(changedMs).toISOString().slice(0, 16).replace("T", " ")} UTC`,
            },
            {
              head: "report",
              value: ({ hasReport }) => hasReport,
              show: ({ name, hasReport }) =>
                hasReport && (
                  <a href={`/sweeps/${encodeURIComponent(name)}/report`} target="_blank" rel="noopener">
                    report
                  </a>
                ),
            },
          ]}
          rows={sweeps}
          keyOf={({ name }) => name}
        />
      )}
    </main>
  );
}

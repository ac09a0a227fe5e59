/** Views by their addresses: one row each; a view that is to come adds its row. */
import type { JSX } from "preact";
import { Runs, useRuns } from "./runs.tsx";
import { Watch } from "./watch.tsx";

interface ViewRow {
  path: RegExp;
  view: (parts: string[]) => JSX.Element;
}

const VIEWS: readonly ViewRow[] = [
  { path: /^#\/run\/([^/]+)$/, view: ([name]) => <OneOfMany key={name} name={decodeURIComponent(name)} /> },
  { path: /^#\/runs$/, view: () => <List /> },
];

export function viewOf(address: string): JSX.Element {
  for (const { path, view } of VIEWS) {
    const found = path.exec(address);
    if (found !== null) return view(found.slice(1));
  }
  return <Home />;
}

/** The run of this server's own process; where it has none, its list. */
function Home() {
  const list = useRuns();
  if (list === undefined || list.live !== null || list.runs.length === 0) return <Watch name={undefined} />;
  return <Runs runs={list.runs} />;
}

function List() {
  return <Runs runs={useRuns()?.runs ?? []} />;
}

function OneOfMany({ name }: { name: string }) {
  return (
    <>
      <nav aria-label="Views">
        <a href="#/runs">← all runs</a>
      </nav>
      <Watch name={name} />
    </>
  );
}

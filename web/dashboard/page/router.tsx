/** Views by their addresses: one row each. */
import type { ComponentChildren, JSX } from "preact";
import { RunsView } from "./compare/runs-view.tsx";
import { SideBySide } from "./compare/side-by-side.tsx";
import { SweepView } from "./compare/sweep-view.tsx";
import { SweepsView } from "./compare/sweeps-view.tsx";
import { PlanView } from "./plan/plan-view.tsx";
import { useRuns } from "./runs.ts";
import { Watch } from "./watch.tsx";

interface ViewRow {
  path: RegExp;
  view: (parts: string[]) => JSX.Element;
  /** Of the navigation, in which it stands. */
  place: Place;
}

type Place = "runs" | "sweeps" | "plan";

const VIEWS: readonly ViewRow[] = [
  { path: /^#\/run\/([^/]+)$/, view: ([name]) => <Watch key={name} name={decodeURIComponent(name)} />, place: "runs" },
  { path: /^#\/runs$/, view: () => <List />, place: "runs" },
  {
    path: /^#\/compare\/([^/]+)$/,
    view: ([names]) => <SideBySide names={names.split(",").map(decodeURIComponent)} />,
    place: "runs",
  },
  { path: /^#\/plan$/, view: () => <PlanView />, place: "plan" },
  { path: /^#\/sweeps$/, view: () => <SweepsView />, place: "sweeps" },
  { path: /^#\/sweep\/([^/]+)$/, view: ([name]) => <SweepView name={decodeURIComponent(name)} />, place: "sweeps" },
];

export function viewOf(address: string): JSX.Element {
  for (const { path, view, place } of VIEWS) {
    const found = path.exec(address);
    if (found !== null) return <InLibrary place={place}>{view(found.slice(1))}</InLibrary>;
  }
  return <Home />;
}

/** The run of this server's own process; where it has none, its list: the document says which. */
function Home() {
  if (document.documentElement.dataset.home !== "runs") return <Watch name={undefined} />;
  return (
    <InLibrary place="runs">
      <List />
    </InLibrary>
  );
}

function List() {
  const [list, look] = useRuns();
  return list === undefined ? <p class="hint">…</p> : <RunsView runs={list.runs} look={look} />;
}

const PLACES: readonly (readonly [place: Place, address: string, name: string])[] = [
  ["runs", "#/runs", "Runs"],
  ["sweeps", "#/sweeps", "Sweeps"],
  ["plan", "#/plan", "Plan"],
];

function InLibrary({ place, children }: { place: Place; children: ComponentChildren }) {
  return (
    <>
      <nav class="places" aria-label="Views">
        {PLACES.map(([each, address, name]) => (
          <a key={each} href={address} aria-current={each === place ? "page" : undefined}>
            {name}
          </a>
        ))}
      </nav>
      {children}
    </>
  );
}

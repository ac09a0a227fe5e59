/** The view of one run: watched, and steered. */
import { useEffect, useState } from "preact/hooks";
import { Cells } from "./cells.tsx";
import { useRun } from "./hooks.ts";
import { Legend } from "./legend.tsx";
import { LinkNotice } from "./link-notice.tsx";
import { PassList, RepairList, Stragglers } from "./lists.tsx";
import { OntPanel } from "./ont-panel.tsx";
import { OntTable } from "./ont-table.tsx";
import { Overview } from "./overview.tsx";
import { Rewind } from "./rewind.tsx";
import { RateChart } from "./series.tsx";
import { Steer } from "./steer.tsx";
import { RunStore } from "./store.ts";
import { onts } from "./words.ts";

/** Figures that changed more often could not be read. */
const FIGURES_MS = 200;
/** Behind the mode. */
const ROAD_WORDS = { omci: "", https: " over HTTPS", cwmp: " over TR-069", file: " by file" } as const;

export function Watch({ name }: { name: string | undefined }) {
  const [store, setStore] = useState<RunStore>();
  useEffect(() => {
    const opened = new RunStore(name);
    setStore(opened);
    return () => opened.close();
  }, [name]);
  return store === undefined ? null : <Run store={store} name={name} />;
}

function Run({ store, name }: { store: RunStore; name: string | undefined }) {
  useRun(store, FIGURES_MS);
  const [ont, setOnt] = useState(-1);
  const [isTable, setTable] = useState(false);
  const { shown, link } = store;
  if (shown === undefined) return <LinkNotice link={link} hasRun={false} isEnded={false} />;
  const { facts } = shown;
  document.title = `${facts.name} · poncast`;
  return (
    <>
      <LinkNotice link={link} hasRun isEnded={shown.head.ended !== null} lost={shown.head.lost} />
      <header class="run-head">
        <p class="kind">
          {facts.mode}
          {facts.mode === "multicast" && facts.road === "omci" ? `, ${facts.recovery}` : ""}
          {ROAD_WORDS[facts.road]} · {onts(facts.onts)}
          {facts.pons > 1 ? ` on ${facts.pons} ports` : ""} · seed {facts.seed}
          {facts.clock === "virtual" ? " · virtual time" : ""} · image {facts.imageVersion}
        </p>
        <h1>{facts.name}</h1>
        {facts.question !== "" && <p class="question">{facts.question}</p>}
      </header>
      <Overview shown={shown} />
      <Steer shown={shown} query={store.query} />
      {name !== undefined && facts.clock === "virtual" && <Rewind shown={shown} name={name} />}
      <div class={ont < 0 ? "watch" : "watch with-panel"}>
        <main>
          <section aria-label="ONTs">
            <div class="section-head">
              <h2>ONTs</h2>
              <button type="button" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
                {isTable ? "As a map" : "As a table"}
              </button>
            </div>
            <Legend shown={shown} />
            {isTable ? <OntTable shown={shown} open={setOnt} /> : <Cells store={store} open={setOnt} />}
          </section>
          <div class="columns">
            <RateChart store={store} />
            <PassList shown={shown} />
            <Stragglers shown={shown} open={setOnt} />
            <RepairList shown={shown} />
          </div>
        </main>
        {ont >= 0 && <OntPanel store={store} ont={ont} close={() => setOnt(-1)} />}
      </div>
    </>
  );
}

/** One ONT: its slots, boots, windows and events; and the commands that take it out or up again. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { OntDetails } from "../types.ts";
import { detailsOf, give } from "./ask.ts";
import { Frames } from "./frames.tsx";
import { TakeAlong } from "./take-along.tsx";
import { useCommands } from "./steer.tsx";
import type { RunStore } from "./store.ts";
import { countWords, timeWords } from "./words.ts";

const LOOK_MS = 1000;
const MS_PER_SECOND = 1000;
/** Phases that an operator takes an ONT up from; out of the others it is left out. */
const MAY_RETRY: ReadonlySet<string> = new Set(["failed", "skipped", "rolledBack"]);
/** The live view in a terminal has the same. */
const RETRY_KEY = "r";
const RETRY_HELP = `Key ${RETRY_KEY}: retry an ONT that failed, was rolled back or was skipped`;

export function OntPanel({ store, ont, close }: { store: RunStore; ont: number; close: () => void }) {
  const [details, setDetails] = useState<OntDetails>();
  const [isGone, setGone] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const [told, ask] = useCommands(store.query);
  useEffect(() => {
    let isOpen = true;
    const look = async (): Promise<void> => {
      const found = await detailsOf(store.query, ont);
      if (!isOpen) return;
      setGone(found === undefined);
      if (found !== undefined) setDetails(found);
    };
    setDetails(undefined);
    void look();
    const timer = setInterval(() => void look(), LOOK_MS);
    heading.current?.focus();
    return () => {
      isOpen = false;
      clearInterval(timer);
    };
  }, [store, ont]);
  const canSteer = store.shown?.head.canSteer === true && details !== undefined && details.serial !== "";
  const canRetry = canSteer && MAY_RETRY.has(details.phase);
  const retry = (): void =>
    ask(give(store.query, { kind: "retry", serial: details!.serial }), `ONT ${ont} is taken up again`);
  return (
    <aside
      class="panel"
      aria-labelledby="ont-heading"
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key === "Escape") close();
        const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
        if (event.key === RETRY_KEY && isPlain && canRetry) retry();
      }}
    >
      <header>
        <h2 id="ont-heading" ref={heading} tabIndex={-1}>
          ONT {ont}
        </h2>
        <button type="button" onClick={close} aria-label={`Close ONT ${ont}`}>
          ✕
        </button>
      </header>
      {details === undefined ? (
        <p class="hint">{isGone ? "Nothing is known of it now: nobody answers." : "…"}</p>
      ) : (
        <>
          <Facts details={details} />
          {canSteer && (
            <div class="buttons">
              {canRetry ? (
                <button type="button" aria-keyshortcuts={RETRY_KEY} title={RETRY_HELP} onClick={retry}>
                  Retry this ONT
                </button>
              ) : (
                <button
                  type="button"
                  onClick={() =>
                    ask(give(store.query, { kind: "skip", serial: details.serial }), `ONT ${ont} is left out`)
                  }
                >
                  Skip this ONT
                </button>
              )}
              <span class={told?.isBad === true ? "told bad" : "told"} role="status">
                {told?.text ?? ""}
              </span>
            </div>
          )}
          <Slots details={details} />
          <Boots details={details} />
          <Windows details={details} />
          <Events details={details} />
          <Frames query={store.query} ont={ont} />
        </>
      )}
    </aside>
  );
}

const BASELINE: [string, string] = ["Messages", "baseline: it does not know extended ones, as it said in ONU2-G"];

function Facts({ details }: { details: OntDetails }) {
  const rows: [string, string][] = [
    ["Serial number", details.serial || "not known yet"],
    ["Port", String(details.port)],
    ["State", `${details.state}${details.state === "downloading" ? `, ${details.share} %` : ""}`],
    ["OLT's phase", details.phase || "–"],
    ["Cause", details.cause || "–"],
    ["Late", details.late || "no"],
    ...(details.isInBaseline ? [BASELINE] : []),
    ["Sections lost", countWords(details.sectionsLost)],
    ["Requests sent again", countWords(details.retries)],
  ];
  return (
    <dl class="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const yes = (is: boolean): string => (is ? "yes" : "no");

function Slots({ details }: { details: OntDetails }) {
  if (details.slots.length === 0) return null;
  return (
    <Table
      name="Image instances"
      heads={["instance", "version", "active", "committed", "valid", "configuration"]}
      rows={details.slots.map((slot) => [
        slot.slot,
        slot.version,
        slot.active,
        slot.committed,
        slot.valid,
        slot.configVersion,
      ])}
    >
      {details.slots.map(({ slot, version, active, committed, valid, configVersion }) => (
        <tr key={slot}>
          <th scope="row">{slot}</th>
          <td>{version || "–"}</td>
          <td>{yes(active)}</td>
          <td>{yes(committed)}</td>
          <td>{yes(valid)}</td>
          <td>{configVersion === null ? "–" : `version ${configVersion}`}</td>
        </tr>
      ))}
    </Table>
  );
}

function Boots({ details }: { details: OntDetails }) {
  if (details.boots.length === 0) return null;
  return (
    <Table
      name="Boot attempts"
      heads={["at", "instance", "attempt", "what came of it"]}
      rows={details.boots.map(({ timeMs, slot, attempt, how }) => [timeMs / MS_PER_SECOND, slot, attempt, how])}
    >
      {details.boots.map(({ timeMs, slot, attempt, how }, number) => (
        <tr key={number}>
          <td>{timeWords(timeMs)}</td>
          <td>{slot}</td>
          <td>{attempt}</td>
          <td>{how || "no failure seen"}</td>
        </tr>
      ))}
    </Table>
  );
}

function Windows({ details }: { details: OntDetails }) {
  if (details.windows.length === 0) return null;
  return (
    <Table
      name="Last windows"
      heads={["window", "at", "sections", "lost", "from parity", "refused", "answer"]}
      rows={details.windows
        .toReversed()
        .map(({ window, timeMs, sections, lost, repaired, refused, answerMs }) => [
          window,
          timeMs / MS_PER_SECOND,
          sections,
          lost,
          repaired,
          refused,
          answerMs === null ? null : answerMs / MS_PER_SECOND,
        ])}
    >
      {details.windows.toReversed().map(({ window, timeMs, sections, lost, repaired, refused, answerMs }, number) => (
        <tr key={number}>
          <td>{window}</td>
          <td>{timeWords(timeMs)}</td>
          <td>{sections}</td>
          <td>{lost}</td>
          <td>{repaired}</td>
          <td>{refused}</td>
          <td>{answerMs === null ? "–" : timeWords(answerMs)}</td>
        </tr>
      ))}
    </Table>
  );
}

function Events({ details }: { details: OntDetails }) {
  return (
    <Table
      name="Last events"
      heads={["at", "whose", "event"]}
      rows={details.events.toReversed().map(({ timeMs, from, text }) => [timeMs / MS_PER_SECOND, from, text])}
    >
      {details.events.toReversed().map(({ timeMs, from, text }, number) => (
        <tr key={number}>
          <td>{timeWords(timeMs)}</td>
          <td>{from}</td>
          <td class="words">{text}</td>
        </tr>
      ))}
      {details.eventsMore > 0 && (
        <tr>
          <td colSpan={3}>{countWords(details.eventsMore)} before; all are in the journal</td>
        </tr>
      )}
    </Table>
  );
}

interface Tabled {
  name: string;
  heads: string[];
  /** As they are taken along: times in seconds. */
  rows: readonly (readonly unknown[])[];
  children: preact.ComponentChildren;
}

function Table({ name, heads, rows, children }: Tabled) {
  return (
    <>
      <div class="scroll" role="region" aria-label={name} tabIndex={0}>
        <table>
          <caption>{name}</caption>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </div>
      <TakeAlong name={name} rows={() => [heads, ...rows]} />
    </>
  );
}

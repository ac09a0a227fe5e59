/** Lists beside the cells: who is late and why, what was repaired for what, the passes over time. */
import type { PassView } from "../types.ts";
import type { ShownRun } from "../model/apply.ts";
import { TakeAlong } from "./take-along.tsx";
import { copiesText, countWords, onts, timeWords } from "./words.ts";

const WHOLE = 100;
const MS_PER_SECOND = 1000;
const LABELS: Record<PassView["why"], string> = { first: "first group", catchUp: "catch-up group", alone: "alone" };
const labelOf = ({ why, pon }: PassView): string => (pon === undefined ? LABELS[why] : `port ${pon}: ${LABELS[why]}`);

export function Stragglers({ shown, open }: { shown: ShownRun; open: (ont: number) => void }) {
  return (
    <section aria-label="Late ONTs">
      <h2>Late, and why</h2>
      {shown.stragglers.length === 0 ? (
        <p class="hint">Nobody is behind the others.</p>
      ) : (
        <ol class="rows">
          {shown.stragglers.map(({ ont, reason, text }) => (
            <li key={ont}>
              <button type="button" class="link" onClick={() => open(ont)}>
                ONT {ont}
              </button>
              <span class={`reason ${reason}`}>{text}</span>
              <span class="aside">{shown.shares[ont]} %</span>
            </li>
          ))}
        </ol>
      )}
      {shown.stragglers.length > 0 && (
        <TakeAlong
          name={`${shown.facts.name} late ONTs`}
          rows={() => [
            ["ONT", "reason", "why", "downloaded %"],
            ...shown.stragglers.map(({ ont, reason, text }) => [ont, reason, text, shown.shares[ont]]),
          ]}
        />
      )}
    </section>
  );
}

export function RepairList({ shown }: { shown: ShownRun }) {
  const { repairs } = shown;
  const most = Math.max(1, ...repairs.map(({ sections }) => sections));
  return (
    <section aria-label="Repairs by cause">
      <h2>Repairs by cause</h2>
      {repairs.length === 0 ? (
        <p class="hint">Nothing had to be sent again.</p>
      ) : (
        <ul class="bars">
          {repairs.map(({ cause, times, sections }) => (
            <li key={cause}>
              <span class="name">{cause}</span>
              <span class="bar" aria-hidden="true">
                <span style={{ width: `${(sections / most) * WHOLE}%` }} />
              </span>
              <span class="aside">
                {sections > 0 ? `${countWords(sections)} sections, ` : ""}
                {countWords(times)} ×
              </span>
            </li>
          ))}
        </ul>
      )}
      {repairs.length > 0 && (
        <TakeAlong
          name={`${shown.facts.name} repairs by cause`}
          rows={() => [
            ["cause", "sections", "times"],
            ...repairs.map(({ cause, sections, times }) => [cause, sections, times]),
          ]}
        />
      )}
    </section>
  );
}

export function PassList({ shown }: { shown: ShownRun }) {
  const { passes, passesMore, head } = shown;
  const endMs = Math.max(1, head.elapsedMs, ...passes.map((pass) => pass.endMs ?? 0));
  return (
    <section aria-label="Groups over time">
      <h2>Groups over time</h2>
      {passes.length === 0 ? (
        <p class="hint">No pass over the image has begun.</p>
      ) : (
        <div class="scroll long" role="region" aria-label="Passes over the image" tabIndex={0}>
          <ol class="passes">
            {passes.map((pass, number) => (
              <Pass key={number} pass={pass} nowMs={head.elapsedMs} endMs={endMs} />
            ))}
          </ol>
        </div>
      )}
      {passesMore > 0 && <p class="hint">and {countWords(passesMore)} more</p>}
      {passes.length > 0 && (
        <TakeAlong
          name={`${shown.facts.name} groups over time`}
          rows={() => [
            ["group", "ONTs", "from seconds", "to seconds", "copies"],
            ...passes.map((pass) => [
              labelOf(pass),
              pass.onts,
              pass.startMs / MS_PER_SECOND,
              pass.endMs === null ? null : pass.endMs / MS_PER_SECOND,
              pass.copies,
            ]),
          ]}
        />
      )}
    </section>
  );
}

function Pass({ pass, nowMs, endMs }: { pass: PassView; nowMs: number; endMs: number }) {
  const until = pass.endMs ?? nowMs;
  const who = pass.onts > 0 ? `, ${onts(pass.onts)}` : "";
  const when =
    pass.endMs === null ? `since ${timeWords(pass.startMs)}` : `${timeWords(pass.startMs)} to ${timeWords(pass.endMs)}`;
  return (
    <li>
      <span class="name">
        {labelOf(pass)}
        {who}
      </span>
      <span class="track" aria-hidden="true">
        <span
          class={`pass ${pass.why}${pass.endMs === null ? " open" : ""}`}
          style={{
            left: `${(pass.startMs / endMs) * WHOLE}%`,
            width: `${Math.max(0.5, ((until - pass.startMs) / endMs) * WHOLE)}%`,
          }}
        />
      </span>
      <span class="aside">
        {when}, {copiesText(pass.copies)} copies
      </span>
    </li>
  );
}

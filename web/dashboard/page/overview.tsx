/** The key figures of a run: where it stands, how far it is, how fast, what it has cost beside what the model expects. */
import { stageLabels } from "../../../run/progress/index.ts";
import { baselineText } from "../../../run/result/index.ts";
import type { ShownRun } from "../model/apply.ts";
import { bytesText, copiesText, countWords, durationText, onts, rateText, timeWords } from "./words.ts";

const BITS_PER_BYTE = 8;
const WHOLE = 100;

export function Overview({ shown }: { shown: ShownRun }) {
  const { head, facts } = shown;
  const share = head.bytesToSend === 0 ? 0 : Math.min(1, head.bytesDone / head.bytesToSend);
  return (
    <section aria-label="Overview">
      <Verdict shown={shown} />
      <div
        class="progress"
        role="progressbar"
        aria-label="Download"
        aria-valuemin={0}
        aria-valuemax={WHOLE}
        aria-valuenow={Math.floor(share * WHOLE)}
      >
        <span style={{ width: `${share * WHOLE}%` }} />
      </div>
      <dl class="key">
        <Figure
          name="Phase"
          value={phaseText(shown)}
          note={
            head.stopReason ||
            `after ${timeWords(head.elapsedMs)}${facts.clock === "virtual" ? " of virtual time" : ""}`
          }
        />
        <Figure
          name="Downloaded"
          value={`${Math.floor(share * WHOLE)} %`}
          note={`${bytesText(head.bytesDone)} of ${bytesText(head.bytesToSend)}${facts.mode === "multicast" ? ", by the slowest" : ", on the mean"}`}
        />
        <Figure name="Rate" value={rateText(head.downstreamBitsPerSecond)} note={budgetText(shown)} />
        <Figure name="Time left" value={head.etaMs === null ? "–" : timeWords(head.etaMs)} note={etaNote(shown)} />
        <Figure name="Copies" value={copiesText(head.copies)} note={forecastText(shown)} />
        <Figure
          name="Repairs"
          value={countWords(head.repairSections)}
          note={`of ${countWords(head.sections)} sections${head.sections > 0 ? `, ${((head.repairSections / head.sections) * WHOLE).toFixed(1)} %` : ""}`}
        />
      </dl>
      <Messages shown={shown} />
    </section>
  );
}

/** That some are sent other messages than was asked for: it takes longer. */
function Messages({ shown: { inBaseline, facts } }: { shown: ShownRun }) {
  const text = baselineText(inBaseline.size);
  if (text === undefined) return null;
  const [first] = inBaseline;
  return (
    <p class="messages">
      <strong>Messages</strong> {text}
      {inBaseline.size < facts.onts && (inBaseline.size === 1 ? ` (ONT ${first})` : "; the table says which")}.
    </p>
  );
}

function Figure({ name, value, note }: { name: string; value: string; note: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
      <dd class="note">{note}</dd>
    </div>
  );
}

function phaseText({ head }: ShownRun): string {
  if (head.ended !== null) return stageLabels[head.stage];
  if (head.aborting) return "Aborting";
  return head.paused ? "Paused" : stageLabels[head.stage];
}

function budgetText({ head }: ShownRun): string {
  const { budgetBitsPerSecond: budget, downstreamBitsPerSecond: rate } = head;
  if (budget === null) return "no budget: as fast as the link";
  return `${((rate / budget) * WHOLE).toFixed(0)} % of the budget, ${rateText(budget)}`;
}

function etaNote({ head }: ShownRun): string {
  if (head.paused) return "paused";
  if (head.bytesPerSecond === 0 || head.etaMs === null) return "until all have the image";
  return `at ${rateText(head.bytesPerSecond * BITS_PER_BYTE)} of the image`;
}

function forecastText({ facts }: ShownRun): string {
  if (facts.forecast === null) return "of the image, so far";
  return `the model expects ${copiesText(facts.forecast.copies)} in ${durationText(facts.forecast.seconds)}`;
}

function Verdict({ shown }: { shown: ShownRun }) {
  const { ended } = shown.head;
  if (ended === null) return null;
  const good = ended.exitCode === 0;
  return (
    <div class="verdict" role="status">
      <p>
        <strong class={good ? "good" : "bad"}>{good ? "As expected" : "Not as expected"}</strong>
        {ended.outcome === "finished"
          ? `${onts(shown.facts.onts)}, the run is over`
          : `the run ended: ${ended.outcome}`}
      </p>
      {ended.reasons.map((reason) => (
        <p key={reason}>{reason}</p>
      ))}
    </div>
  );
}

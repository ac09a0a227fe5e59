/** What the model says of the scenario: its own way in large, all ways side by side, whole image against deltas. */
import type { PayloadShare } from "../../../../study/sizing/index.ts";
import type { SizingAnswer, WayCost } from "../../plan-types.ts";
import { type Column, DataTable } from "../data-table.tsx";
import { bytesText, copiesText, countWords, durationText, onts, rateText } from "../words.ts";
import { Night } from "./night.tsx";
import type { PlanStore } from "./plan-store.ts";

const WHOLE = 100;
const percent = (share: number): string => `${(share * WHOLE).toFixed(share < 0.1 ? 2 : 1)} %`;

export function Answer({ store }: { store: PlanStore }) {
  const { sizing, isFresh, errors, fault } = store;
  return (
    <section class={isFresh ? "answer" : "answer is-old"} aria-label="What the model says" aria-busy={!isFresh}>
      <p class="fault bad" role="alert">
        {fault}
      </p>
      {sizing === null ? (
        <p class="hint">{errors.length > 0 ? "The model answers as soon as the mistakes are gone." : "…"}</p>
      ) : (
        <>
          <Own sizing={sizing} />
          <Night ways={sizing.ways} hours={sizing.hours} />
          <DataTable
            name="Ways to bring the image"
            columns={WAYS}
            rows={sizing.ways}
            keyOf={({ name }) => name}
            classOf={({ isAsked }) => (isAsked ? "asked" : "")}
          />
          <Payloads store={store} sizing={sizing} />
          <Notes title="Not in the model" lines={sizing.leavesOut} />
          <Notes title="The campaign" lines={sizing.campaign} />
        </>
      )}
    </section>
  );
}

function Own({ sizing }: { sizing: SizingAnswer }) {
  const own = sizing.ways.find(({ isAsked }) => isAsked);
  if (own === undefined) return null;
  const { seconds, copies, shareOfLine, sentBytes, meanBitsPerSecond, peakBitsPerSecond, spareSeconds, name } = own;
  const spare = spareSeconds === null ? "" : durationText(Math.abs(spareSeconds));
  const figures: [string, string, string, string?][] = [
    [
      "Time",
      durationText(seconds),
      spareSeconds === null ? name : spareSeconds < 0 ? `${spare} too long for these hours` : `fits, ${spare} to spare`,
      spareSeconds === null ? "" : spareSeconds < 0 ? "bad" : "good",
    ],
    ["Copies", copiesText(copies), `of ${bytesText(sizing.imageBytes)}, to ${onts(sizing.onts)}`],
    ["Sent", bytesText(sentBytes), sizing.pons > 1 ? `on ${sizing.pons} ports together` : "on the port"],
    ["Of the line", shareOfLine === null ? "–" : percent(shareOfLine), "of each port, in the mean"],
    ["Feed", rateText(meanBitsPerSecond), `in the mean, ${rateText(peakBitsPerSecond)} at most`],
  ];
  return (
    <dl class="key" aria-live="polite">
      {figures.map(([head, value, note, kind = ""]) => (
        <div key={head}>
          <dt>{head}</dt>
          <dd>{value}</dd>
          <dd class={`note ${kind}`}>{note}</dd>
        </div>
      ))}
    </dl>
  );
}

const WAYS: readonly Column<WayCost>[] = [
  { head: "way", value: ({ name }) => name },
  {
    head: "time, s",
    value: ({ seconds }) => seconds,
    show: ({ seconds }) => durationText(seconds),
    isNumber: true,
  },
  {
    head: "to spare, s",
    value: ({ spareSeconds }) => spareSeconds,
    show: ({ spareSeconds }) =>
      spareSeconds === null ? (
        "–"
      ) : (
        <span class={spareSeconds < 0 ? "bad" : "good"}>
          {spareSeconds < 0 ? "−" : ""}
          {durationText(Math.abs(spareSeconds))}
        </span>
      ),
    isNumber: true,
  },
  { head: "copies", value: ({ copies }) => copies, show: ({ copies }) => copiesText(copies), isNumber: true },
  {
    head: "sent, bytes",
    value: ({ sentBytes }) => Math.round(sentBytes),
    show: ({ sentBytes }) => bytesText(sentBytes),
    isNumber: true,
  },
  {
    head: "of the line, %",
    value: ({ shareOfLine }) => (shareOfLine === null ? null : shareOfLine * WHOLE),
    show: ({ shareOfLine }) => (shareOfLine === null ? "–" : percent(shareOfLine)),
    isNumber: true,
  },
  {
    head: "feed in the mean, bit/s",
    value: ({ meanBitsPerSecond }) => meanBitsPerSecond,
    show: ({ meanBitsPerSecond }) => rateText(meanBitsPerSecond),
    isNumber: true,
  },
  {
    head: "at most, bit/s",
    value: ({ peakBitsPerSecond }) => peakBitsPerSecond,
    show: ({ peakBitsPerSecond }) => rateText(peakBitsPerSecond),
    isNumber: true,
  },
];

const PARTS: readonly Column<PayloadShare>[] = [
  { head: "sent", value: ({ name }) => name },
  { head: "ONTs", value: ({ onts: count }) => count, show: ({ onts: count }) => countWords(count), isNumber: true },
  { head: "size, bytes", value: ({ bytes }) => bytes, show: ({ bytes }) => bytesText(bytes), isNumber: true },
  {
    head: "copies of the image",
    value: ({ copies }) => copies,
    show: ({ copies }) => copiesText(copies),
    isNumber: true,
  },
  {
    head: "sent in all, bytes",
    value: ({ downstreamBytes }) => Math.round(downstreamBytes),
    show: ({ downstreamBytes }) => bytesText(downstreamBytes),
    isNumber: true,
  },
  { head: "time, s", value: ({ seconds }) => seconds, show: ({ seconds }) => durationText(seconds), isNumber: true },
];

function Payloads({ store, sizing }: { store: PlanStore; sizing: SizingAnswer }) {
  if (!sizing.hasPayloads) return null;
  const { payloads, isMaking, isFresh, errors } = store;
  return (
    <section aria-label="Whole image against deltas">
      <h2>Whole image against deltas</h2>
      {payloads === null ? (
        <p>
          <button
            type="button"
            disabled={isMaking || !isFresh || errors.length > 0}
            onClick={() => void store.makeDeltas()}
          >
            {isMaking ? "Makes the images and deltas …" : "Make the deltas and compare"}
          </button>
        </p>
      ) : (
        <>
          <DataTable
            name="Whole image against deltas"
            columns={PARTS}
            rows={[payloads.whole, ...payloads.parts, payloads.all]}
            keyOf={({ name }) => name}
          />
          <Notes title="" lines={payloads.notes} />
        </>
      )}
    </section>
  );
}

function Notes({ title, lines }: { title: string; lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <div class="notes">
      {title !== "" && <h3>{title}</h3>}
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}

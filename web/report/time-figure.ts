/** The figure that shows which states of an update took the time. */
import { cellLabels } from "../../run/states/index.ts";
import { countText, durationText } from "../../base/text/index.ts";
import { type Html, html } from "./html.ts";
import type { RunReport } from "./run-model.ts";
import type { TimeInState } from "./time-in-state.ts";

/** Which state took how long: when ONTs were in it, and what it cost one of them. */
export function timeFigure({ timeInStates, charts: { endSeconds } }: RunReport): Html {
  const longest = timeInStates.toSorted((a, b) => b.medianSeconds - a.medianSeconds)[0];
  const summary =
    longest === undefined
      ? "No ONT was seen in any state."
      : `The longest part for a typical ONT is “${cellLabels[longest.state]}”: ${durationText(longest.medianSeconds)} (median), ${durationText(longest.mostSeconds)} at most.`;
  return html`<figure class="chart wide" id="time">
    <figcaption>
      <h2>Time spent</h2>
      <p>${summary}</p>
    </figcaption>
    <div class="scroll">
      <table class="time">
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Typical ONT, and from the first in to the last out</th>
            ${["ONTs", "Median", "95 %", "Longest"].map((text) => html`<th scope="col" class="number">${text}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${timeInStates.map((time) => row(time, endSeconds))}
        </tbody>
      </table>
    </div>
  </figure>`;
}

function row(time: TimeInState, endSeconds: number): Html {
  const { state, onts, fromSeconds, toSeconds, typicalFromSeconds, typicalToSeconds } = time;
  const bar = (kind: string, from: number, to: number): Html => {
    const percent = (seconds: number): string => `${((seconds / endSeconds) * 100).toFixed(2)}%`;
    return html`<i class="mark ${state} ${kind}" style="left:${percent(from)};width:${percent(to - from)}"></i>`;
  };
  const span = `${durationText(fromSeconds)} to ${durationText(toSeconds)}`;
  const figures = [time.medianSeconds, time.p95Seconds, time.mostSeconds].map(durationText);
  return html`<tr>
    <th scope="row">${cellLabels[state]}</th>
    <td>
      <div class="span" title="${span}">
        ${bar("some", fromSeconds, toSeconds)}${bar("typical", typicalFromSeconds, typicalToSeconds)}
      </div>
      <span class="unseen">${span}</span>
    </td>
    ${[countText(onts), ...figures].map((text) => html`<td class="number">${text}</td>`)}
  </tr>`;
}

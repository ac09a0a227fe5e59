import { cellLabels } from "../cell-state.ts";
import { durationText } from "../format.ts";
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
            <th scope="col">First ONT in to last ONT out</th>
            <th scope="col" class="number">ONTs</th>
            <th scope="col" class="number">Median</th>
            <th scope="col" class="number">95 %</th>
            <th scope="col" class="number">Longest</th>
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
  const { state, onts, fromSeconds, toSeconds, medianSeconds, p95Seconds, mostSeconds } = time;
  const percent = (seconds: number): string =>
    `${((seconds / Math.max(endSeconds, Number.EPSILON)) * 100).toFixed(2)}%`;
  const span = `${durationText(fromSeconds)} to ${durationText(toSeconds)}`;
  const seconds = (value: number): Html => html`<td class="number">${durationText(value)}</td>`;
  return html`<tr>
    <th scope="row">${cellLabels[state]}</th>
    <td>
      <div class="span" title="${span}">
        <i
          class="mark ${state}"
          style="margin-left:${percent(fromSeconds)};width:${percent(toSeconds - fromSeconds)}"
        ></i>
      </div>
      <span class="unseen">${span}</span>
    </td>
    <td class="number">${onts}</td>
    ${seconds(medianSeconds)}${seconds(p95Seconds)}${seconds(mostSeconds)}
  </tr> `;
}

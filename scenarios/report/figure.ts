import { type Html, html } from "./html.ts";

/** A line, bar or field of a chart in its legend; `mark` names its look in the style sheet. */
export interface LegendEntry {
  mark: string;
  label: string;
}

export interface ChartFigure {
  /** Which chart the script draws here. */
  chart: string;
  title: string;
  /** What the chart shows, in words and numbers: it stands in for the chart where there is none. */
  summary: string;
  legend?: readonly LegendEntry[];
  /** The chart's figures as a table. */
  table?: Html;
  wide?: boolean;
}

/** A chart with heading, summary, legend, a line for the value under the cursor, and its figures as a table. */
export function chartFigure({ chart, title, summary, legend = [], table, wide = false }: ChartFigure): Html {
  return html`<figure class="chart${wide ? " wide" : ""}" id="${chart}">
    <figcaption>
      <h2>${title}</h2>
      <p>${summary}</p>
    </figcaption>
    ${
      legend.length > 0 &&
      html`<ul class="legend">
        ${legend.map(legendItem)}
      </ul>`
    }
    <div class="plot" data-chart="${chart}" role="img" tabindex="0" aria-label="${title}. ${summary}"></div>
    <output class="readout" aria-live="polite"></output>
    ${
      table &&
      html`<details>
        <summary>Figures as a table</summary>
        ${table}
      </details>`
    }
  </figure>`;
}

const legendItem = ({ mark, label }: LegendEntry): Html =>
  html`<li><i class="mark ${mark}" aria-hidden="true"></i>${label}</li>`;

/** A plain table; columns beyond the first are figures. */
export function figureTable(head: readonly string[], rows: readonly (readonly string[])[]): Html {
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${head.map((text) => html`<th scope="col">${text}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((text, column) => (column === 0 ? html`<th scope="row">${text}</th>` : html`<td class="number">${text}</td>`))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

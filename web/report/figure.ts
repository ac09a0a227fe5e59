/** How a chart stands on a page: heading, words, legend, table. The drawing itself is left to the page's script. */
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
  /** What the chart shows, in words and numbers: all there is to say where `empty`. */
  summary: string;
  /** Nothing to draw. */
  empty?: boolean;
  legend?: readonly LegendEntry[];
  hint?: string;
  /** The chart's figures as a table. */
  table?: Html;
  wide?: boolean;
}

/** A chart with heading, summary, legend, a line for the value under the cursor, and its figures as a table. */
export function chartFigure(figure: ChartFigure): Html {
  const { chart, title, summary, empty = false, wide = false } = figure;
  return html`<figure class="chart${wide ? " wide" : ""}" id="${chart}">
    <figcaption>
      <h2>${title}</h2>
      <p>${summary}</p>
    </figcaption>
    ${!empty && drawing(figure)}
  </figure>`;
}

function drawing({ chart, title, legend = [], hint, table }: ChartFigure): Html {
  const label = `Chart: ${title}. The arrow keys read out its values.`;
  return html`<ul class="legend">
      ${legend.map(legendItem)}
    </ul>
    <div class="plot" data-chart="${chart}" role="img" tabindex="0" aria-label="${label}"></div>
    <output class="readout" aria-live="polite"></output>
    ${hint && html`<p class="hint">${hint}</p>`} ${table && folded("Figures as a table", table)}`;
}

const legendItem = ({ mark, label }: LegendEntry): Html =>
  html`<li><i class="mark ${mark}" aria-hidden="true"></i>${label}</li>`;

export const folded = (summary: string, content: Html): Html =>
  html`<details>
    <summary>${summary}</summary>
    ${content}
  </details>`;

/** A plain table; columns beyond the first are figures. */
export function figureTable(head: readonly string[], rows: readonly (readonly string[])[]): Html {
  const heads = head.map((text, column) => html`<th scope="col" class="${column > 0 ? "number" : ""}">${text}</th>`);
  const body = rows.map(([first, ...figures]) => {
    const cells = figures.map((text) => html`<td class="number">${text}</td>`);
    return html`<tr>
      <th scope="row">${first}</th>
      ${cells}
    </tr>`;
  });
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${heads}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}

/** The frame around every page: one HTML file that needs no network and loads nothing. */
import { pageAssets } from "./assets.ts";
import { type Html, html, inline, jsonScript } from "./html.ts";

export interface PageParts {
  title: string;
  /** Line at the end of the page. */
  footer: string;
  body: Html;
  /** What the charts are drawn from. */
  charts: unknown;
}

/** In the foot of each report: what its figures are not about (docs/limits.md). */
export const MODEL_LIMITS =
  "not in the model of the line: PLOAM and ranging times, DBA beyond a fixed grant a cycle, other traffic beyond the budget; docs/limits.md says how much each could be";
export const MACHINE_LIMITS = "times are those of the machine, not of a fibre; docs/limits.md";

/**
 * One self-contained page: script, style and data are in it, and its policy forbids the network, so that it may be mailed
 * and opened anywhere.
 */
export function pageDocument({ title, footer, body, charts }: PageParts): string {
  const { script, scriptHash, style } = pageAssets();
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${scriptHash}'`,
    // The charts and the bars of the page place their parts by style.
    "style-src 'unsafe-inline'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${inline("style", style)}
      </head>
      <body>
        ${body}
        <footer>${footer}</footer>
        ${jsonScript("charts", charts)} ${inline("script", script)}
      </body>
    </html> `;
  return page.text;
}

/**
 * Tables: aligned text for terminals, Markdown for pages, CSV for other programs. Own code, as it is shorter than the options that
 * would make a library write the same: markdown-table has one of the three, cli-table3 and its like draw boxes.
 */
export type Align = "left" | "right";
type Row = readonly string[];

/** How the columns of most tables stand: what it is on the left, figures on the right. */
export const figuresRight = (columns: number): Align[] =>
  Array.from({ length: columns }, (_, column) => (column === 0 ? "left" : "right"));

/** Characters; cells have no colours. */
const widthOf = (cell: string): number => Array.from(cell).length;

const widthsOf = (rows: readonly Row[]): number[] =>
  (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column]))));

function padded(cell: string, width: number, align: Align | undefined): string {
  const space = " ".repeat(Math.max(0, width - widthOf(cell)));
  return align === "right" ? space + cell : cell + space;
}

/** Lines of columns with two spaces between; without `align` all are on the left. */
export function alignedText(rows: readonly Row[], align: readonly Align[] = []): string {
  const widths = widthsOf(rows);
  const line = (row: Row): string =>
    row
      .map((cell, column) => padded(cell, widths[column], align[column]))
      .join("  ")
      .trimEnd();
  return rows.map(line).join("\n");
}

export interface MarkdownOptions {
  align?: readonly Align[];
  /** Columns stand under one another in the source as well. */
  isPadded?: boolean;
}

/** A table in Markdown (GitHub Flavored Markdown 4.10); the cells are Markdown already. */
export function markdownTable(
  head: Row,
  rows: readonly Row[],
  { align = figuresRight(head.length), isPadded = false }: MarkdownOptions = {},
): string {
  const widths = isPadded ? widthsOf([head, ...rows]) : head.map(() => 0);
  const line = (row: Row): string =>
    `| ${row.map((cell, column) => padded(cell, widths[column], align[column])).join(" | ")} |`;
  const rule = head.map((_, column) => {
    const isRight = align[column] === "right";
    return "-".repeat(isPadded ? widths[column] - (isRight ? 1 : 0) : 3) + (isRight ? ":" : "");
  });
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

/** Spreadsheets take what begins so for a formula, whoever wrote it. */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/**
 * A record of CSV with its line end (RFC 4180); what is neither text nor missing is written as JSON. Text that a spreadsheet
 * would carry out has an apostrophe in front.
 */
export const csvLine = (values: readonly unknown[]): string => `${values.map(csvField).join(",")}\r\n`;

function csvField(value: unknown): string {
  const text =
    value === null || value === undefined ? "" : typeof value === "string" ? asText(value) : JSON.stringify(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const asText = (text: string): string => (FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text);

/** A table that is sorted by a click on a heading, and taken along as CSV. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { TakeAlong } from "./take-along.tsx";

export interface Column<Row> {
  head: string;
  /** What it is sorted by, and what stands in the CSV; null: there is nothing. */
  value: (row: Row) => string | number | boolean | null;
  /** As it is shown; default: the value. */
  show?: (row: Row) => ComponentChildren;
  isNumber?: boolean;
  isWords?: boolean;
}

interface Tabled<Row> {
  name: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string | number;
  classOf?: (row: Row) => string;
  /** Column that it is sorted by at first, and whether from below; default: as the rows come. */
  sorted?: [column: number, isDown: boolean];
  /** The first column names the row. */
  isNamed?: boolean;
}

type Order = [column: number, isDown: boolean] | undefined;

export function DataTable<Row>(props: Tabled<Row>) {
  const { name, columns, rows, keyOf, classOf, isNamed = true } = props;
  const [order, setOrder] = useState<Order>(props.sorted);
  const sorted = sortedRows(rows, columns, order);
  const turn = (column: number): void =>
    setOrder(order?.[0] === column ? [column, !order[1]] : [column, columns[column].isNumber === true]);
  return (
    <div class="data-table">
      <div class="scroll" role="region" aria-label={name} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {columns.map(({ head, isNumber }, column) => (
                <th
                  key={head}
                  scope="col"
                  class={isNumber === true ? "number" : ""}
                  aria-sort={order?.[0] !== column ? undefined : order[1] ? "descending" : "ascending"}
                >
                  {head === "" ? (
                    <span class="unseen">chosen</span>
                  ) : (
                    <button type="button" class="sort" onClick={() => turn(column)}>
                      {head}
                    </button>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.map((row) => (
              <tr key={keyOf(row)} class={classOf?.(row) ?? ""}>
                {columns.map((column, at) => (
                  <Cell key={column.head} row={row} column={column} isName={isNamed && at === 0} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <TakeAlong name={name} rows={() => linesOf(sorted, columns)} />
    </div>
  );
}

function Cell<Row>({ row, column, isName }: { row: Row; column: Column<Row>; isName: boolean }) {
  const { show, value, isNumber, isWords } = column;
  const content = show === undefined ? textOf(value(row)) : show(row);
  const kind = isNumber === true ? "number" : isWords === true ? "words" : "";
  return isName ? (
    <th scope="row" class={kind}>
      {content}
    </th>
  ) : (
    <td class={kind}>{content}</td>
  );
}

const textOf = (value: string | number | boolean | null): string => (value === null ? "–" : String(value));

function linesOf<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): unknown[][] {
  const told = columns.filter(({ head }) => head !== "");
  return [told.map(({ head }) => head), ...rows.map((row) => told.map(({ value }) => value(row)))];
}

function sortedRows<Row>(rows: readonly Row[], columns: readonly Column<Row>[], order: Order): readonly Row[] {
  if (order === undefined) return rows;
  const [at, isDown] = order;
  const { value } = columns[at];
  return rows.toSorted((a, b) => compared(value(a), value(b)) * (isDown ? -1 : 1));
}

/** What is not there comes last, whichever way. */
function compared(a: string | number | boolean | null, b: string | number | boolean | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === "string" && typeof b === "string") return a.localeCompare(b, "en", { numeric: true });
  return Number(a) - Number(b);
}

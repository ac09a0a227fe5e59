/** Makes a table sortable by its heads; cells say in data-order what they are sorted by. */
export function makeSortable(table: HTMLTableElement): void {
  for (const head of table.tHead!.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sortBy(table, head));
  }
}

function sortBy(table: HTMLTableElement, head: HTMLTableCellElement): void {
  const descending = head.ariaSort === "ascending";
  for (const each of table.tHead!.rows[0].cells) each.ariaSort = null;
  head.ariaSort = descending ? "descending" : "ascending";
  const orderOf = (row: HTMLTableRowElement): string => row.cells[head.cellIndex].dataset.order ?? "";
  const isNumber = head.classList.contains("number");
  const compare = (a: string, b: string): number => (isNumber ? Number(a) - Number(b) : a.localeCompare(b));
  const body = table.tBodies[0];
  const rows = [...body.rows].sort((a, b) => compare(orderOf(a), orderOf(b)) * (descending ? -1 : 1));
  body.append(...rows);
}

/** What people look for is in words: a figure of another ONT has the same digits as a serial number. */
const isFound = (cell: HTMLTableCellElement, wanted: string): boolean =>
  cell.classList.contains("found") && cell.textContent.toLowerCase().includes(wanted);

/** Shows only the rows that a form asks for, and says how many there are. */
export function makeFilterable(form: HTMLFormElement, table: HTMLTableElement): void {
  const text = form.elements.namedItem("text") as HTMLInputElement;
  const outcome = form.elements.namedItem("outcome") as HTMLSelectElement;
  const output = form.querySelector("output")!;
  const all = output.textContent;
  const apply = (): void => {
    const wanted = text.value.trim().toLowerCase();
    let shown = 0;
    for (const row of table.tBodies[0].rows) {
      const fits =
        (outcome.value === "" || row.dataset.outcome === outcome.value) &&
        (wanted === "" || [...row.cells].some((cell) => isFound(cell, wanted)));
      row.hidden = !fits;
      if (fits) shown++;
    }
    output.textContent = shown === table.tBodies[0].rows.length ? all : `${shown} of ${all}`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
}

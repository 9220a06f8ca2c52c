// Tables sort by their headers: <th><button type="button" data-sort>…</button></th>.
// A cell's data-value is compared where it has one (numbers as numbers), its text otherwise.
const value = (row, column) => {
  const cell = row.cells[column];
  const raw = cell?.dataset.value ?? cell?.textContent.trim() ?? "";
  const number = Number(raw);
  return raw !== "" && !Number.isNaN(number) ? number : raw;
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-sort]");
  if (!button) return;
  const head = button.closest("th");
  const descending = head.getAttribute("aria-sort") !== "descending";
  for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", descending ? "descending" : "ascending");
  const body = head.closest("table").tBodies[0];
  const rows = [...body.rows].sort((a, b) => {
    const [x, y] = [value(a, head.cellIndex), value(b, head.cellIndex)];
    const order = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y));
    return descending ? -order : order;
  });
  body.append(...rows);
});

// A finished answer replaces the text that was being written.
document.addEventListener("htmx:sseMessage", (event) => {
  if (event.detail.type === "items") document.getElementById("writing")?.replaceChildren();
});

// Nothing is swapped under the hands of somebody who is about to answer.
document.addEventListener("htmx:beforeSwap", (event) => {
  const fields = event.detail.target?.querySelectorAll?.("form.answer input:not([type=hidden])") ?? [];
  const busy = [...fields].some((field) => field === document.activeElement || field.checked || (field.type === "text" && field.value));
  if (busy) event.detail.shouldSwap = false;
});

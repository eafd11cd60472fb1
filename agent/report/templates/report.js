"use strict";
// Filtering, sorting and unfolding: without this script the page says the same.
const rows = Array.from(document.querySelectorAll("#all tbody tr"));
const accounts = Array.from(document.querySelectorAll("details.problem"));
const filter = document.getElementById("filter");

function show() {
  const wanted = filter.value.toLowerCase();
  let count = 0;
  rows.forEach((row, place) => {
    const fits = row.textContent.toLowerCase().includes(wanted);
    row.hidden = accounts[place].hidden = !fits;
    count += fits;
  });
  document.getElementById("shown").textContent = wanted ? `${count} of ${rows.length}` : "";
}

function fold(open) {
  accounts.forEach((one) => { one.open = open && !one.hidden; });
}

function value(row, column) {
  const said = row.cells[column].textContent.trim();
  const number = parseFloat(row.cells[column].dataset.value ?? said.replaceAll(",", ""));
  return Number.isNaN(number) ? said.toLowerCase() : number;
}

function compare(one, two) {
  if (typeof one === typeof two) return one < two ? -1 : one > two ? 1 : 0;
  return typeof one === "number" ? -1 : 1;
}

function sort(head, column) {
  const down = head.getAttribute("aria-sort") === "ascending";
  document.querySelectorAll("#all thead th").forEach((one) => one.removeAttribute("aria-sort"));
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const ordered = rows.slice().sort((a, b) => compare(value(a, column), value(b, column)));
  document.querySelector("#all tbody").append(...(down ? ordered.reverse() : ordered));
}

document.querySelectorAll("#all thead th").forEach((head, column) => {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = head.textContent;
  button.addEventListener("click", () => sort(head, column));
  head.replaceChildren(button);
});
// Browsers open what a link leads into by themselves; older ones do not.
function reveal() {
  const target = document.getElementById(location.hash.slice(1));
  const around = target && target.closest("details");
  if (around && !around.open) {
    around.open = true;
    target.scrollIntoView();
  }
}

addEventListener("hashchange", reveal);
reveal();
filter.addEventListener("input", show);
filter.form.addEventListener("submit", (event) => event.preventDefault());
document.getElementById("unfold").addEventListener("click", () => fold(true));
document.getElementById("fold").addEventListener("click", () => fold(false));
filter.form.hidden = false;

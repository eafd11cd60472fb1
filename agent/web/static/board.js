"use strict";
// The table of standings: drawn once, then only what changed.

const CELL_WORDS = {
  solved: "solved",
  partial: "partly solved",
  tried: "not solved",
  pending: "pending",
};

class Board {
  /** `contest` is what the server tells about it; `links` says whether names lead to accounts. */
  constructor(table, contest, {links = true} = {}) {
    this.table = table;
    this.contest = contest;
    this.links = links;
    this.filter = "";
    this._drawn = new Map();
    this._counts = [];
    this.body = el("tbody");
    table.replaceChildren(el("caption", {class: "hidden-text"}, "Standings of ", quoted(contest.name)), this._head(), this.body);
  }

  _link(kind, id, ...content) {
    return this.links ? el("a", {href: `#${kind}/${encodeURIComponent(id)}`}, ...content) : el("span", {}, ...content);
  }

  _head() {
    const problems = this.contest.problems.map((problem) => {
      const count = el("small", {});
      this._counts.push(count);
      return el("th", {scope: "col", class: "problem", title: printable(problem.name)},
        this._link("problem", problem.id, printable(problem.label), el("span", {class: "hidden-text"}, " ", quoted(problem.name))), count);
    });
    return el("thead", {}, el("tr", {},
      el("th", {scope: "col", class: "rank"}, el("abbr", {title: "Rank"}, "#")),
      el("th", {scope: "col", class: "name"}, "Participant"),
      ...this.contest.totals.map((total) => el("th", {scope: "col", class: "total"}, total.name)),
      ...problems));
  }

  /** Draw every row anew. */
  show(standings) {
    this.standings = standings;
    this._drawn.clear();
    const rows = standings.order().map((row) => this._newRow(row));
    this.body.replaceChildren(...rows);
    this._summary();
  }

  /** Draw the rows of these participants again, and move what has to move. */
  update(changed, {moving = true} = {}) {
    const before = moving ? this._tops() : null;
    for (const index of changed) this._fill(this.standings.rows[index]);
    const order = this.standings.order();
    let next = this.body.firstElementChild;
    for (const row of order) {
      const drawn = this._drawn.get(row.index);
      if (drawn.rank.textContent !== String(row.rank)) drawn.rank.textContent = String(row.rank);
      if (drawn.tr === next) next = next.nextElementSibling;
      else this.body.insertBefore(drawn.tr, next);
    }
    this._summary();
    if (before) this._animate(before);
  }

  /** Show only participants whose name, or kind, holds the text. */
  find(text) {
    this.filter = text.trim().toLowerCase();
    for (const {tr, name} of this._drawn.values()) tr.hidden = !name.includes(this.filter);
  }

  /** Mark one row and one of its cells (the resolver's next step). */
  mark(participant, problem) {
    for (const marked of this.table.querySelectorAll(".marked")) marked.classList.remove("marked");
    if (participant === null) return;
    const drawn = this._drawn.get(participant);
    drawn.tr.classList.add("marked");
    if (problem !== null) drawn.cells[problem].classList.add("marked");
    const scroll = this.table.parentElement;
    scroll.scrollTo({top: drawn.tr.offsetTop - scroll.clientHeight / 2, behavior: Board.calm() ? "auto" : "smooth"});
  }

  static calm() {
    return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  _newRow(row) {
    const {participant} = row;
    const rank = el("td", {class: "rank"});
    const kind = participant.kind === "human" ? null : el("small", {class: "kind"}, printable(participant.kind));
    const name = el("th", {scope: "row", class: "name"}, this._link("participant", participant.id, quoted(participant.name)), kind);
    const totals = this.contest.totals.map(() => el("td", {class: "total"}));
    const cells = this.contest.problems.map(() => el("td", {class: "cell"}));
    const tr = el("tr", {}, rank, name, ...totals, ...cells);
    const text = `${participant.name} ${participant.kind}`.toLowerCase();
    tr.hidden = !text.includes(this.filter);
    this._drawn.set(row.index, {tr, rank, totals, cells, name: text});
    this._fill(row);
    rank.textContent = String(row.rank);
    return tr;
  }

  _fill(row) {
    const {tr, rank, totals, cells} = this._drawn.get(row.index);
    tr.classList.toggle("settled", row.settled);
    if (row.medal) {
      rank.className = `rank ${row.medal}`;
      rank.setAttribute("aria-label", `${row.rank}, ${row.medal} medal`);
    }
    totals.forEach((td, i) => { td.textContent = totalText(this.contest, row, i); });
    row.cells.forEach((cell, i) => Board.fillCell(cells[i], cell, this.contest));
  }

  /** One problem of one participant: a mark, the time, and the whole of it in words. */
  static fillCell(td, cell, contest) {
    if (td.cell === cell) return;
    td.cell = cell;
    td.className = `cell ${cell ? cell.state : ""} ${cell && cell.first ? "first" : ""}`.trim();
    if (cell === null) {
      td.replaceChildren();
      td.removeAttribute("aria-label");
      return;
    }
    const time = Board.time(cell, contest);
    const below = cell.state === "pending" && cell.rejected ? `\u2212${cell.rejected}` : time;
    td.replaceChildren(Board.mark(cell, contest), below === null ? "" : el("small", {}, below));
    td.setAttribute("aria-label", Board.words(cell, time, contest));
  }

  static time(cell, contest) {
    if (cell.time === null || contest.times === null) return null;
    return contest.times === "minutes" ? String(Math.floor(cell.time / 60)) : clockText(cell.time);
  }

  static mark(cell, contest) {
    const score = contest.scored && (cell.score || cell.state === "tried") ? scoreText(cell.score) : "";
    if (cell.state === "pending") return `${score} ?${cell.pending > 1 ? cell.pending : ""}`.trim();
    if (contest.scored) return score;
    if (cell.state === "tried") return cell.rejected ? `\u2212${cell.rejected}` : "\u2212";
    return cell.rejected ? `+${cell.rejected}` : "+";
  }

  static words(cell, time, contest) {
    const parts = [CELL_WORDS[cell.state]];
    if (cell.first) parts.push("first of all");
    if (contest.scored) parts.push(`${scoreText(cell.score)} points`);
    if (time !== null) parts.push(contest.times === "minutes" ? `at minute ${time}` : `at ${time}`);
    if (cell.rejected) parts.push(`${cell.rejected} rejected`);
    if (cell.pending) parts.push(`${cell.pending} waiting`);
    return parts.join(", ");
  }

  _summary() {
    this._counts.forEach((count, q) => {
      let solved = 0;
      for (const row of this.standings.rows) if (row.cells[q] && row.cells[q].state === "solved") solved += 1;
      const text = String(solved);
      if (count.textContent !== text) {
        count.textContent = text;
        count.title = `${solved} solved it`;
      }
    });
  }

  _tops() {
    const tops = new Map();
    if (Board.calm() || document.hidden) return tops;
    for (const tr of this.body.children) {
      const {top, bottom} = tr.getBoundingClientRect();
      if (bottom > 0 && top < window.innerHeight) tops.set(tr, top);
      if (tops.size && top >= window.innerHeight) break;
    }
    return tops;
  }

  _animate(before) {
    for (const [tr, top] of before) {
      const moved = top - tr.getBoundingClientRect().top;
      if (Math.abs(moved) > 1) {
        tr.animate([{transform: `translateY(${moved}px)`}, {transform: "none"}], {duration: 500, easing: "ease-out"});
      }
    }
  }
}

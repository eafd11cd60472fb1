"use strict";
// The resolver: what the freeze hid is revealed from the last place to the first, one keystroke a
// step. The order is the log's own: its reveals, and after each participant `settled`.

class Resolver {
  constructor(contest, entries, table, said) {
    this.entries = entries;
    this.said = said;
    this.first = entries.findIndex((entry) => entry.type === "reveal" || entry.type === "settled");
    if (this.first < 0) this.first = entries.length;
    this.contest = contest;
    this.board = new Board(table, contest, {links: false});
    this.aimed = false;
    this.player = new Player(contest, this.board, () => {});
    this.player.following = false;
    this.player.entries = entries;
    this.player.moveTo(this.first);
    this._tell();
  }

  /** Aim at the next cell; then, with the next step, reveal it. */
  next() {
    const {player} = this;
    if (player.position >= this.entries.length) return;
    const entry = this.entries[player.position];
    if (entry.type === "reveal" && !this.aimed) {
      this.aimed = true;
    } else {
      this.aimed = false;
      player.moveTo(player.position + 1);
    }
    this._tell();
  }

  back() {
    if (this.aimed) this.aimed = false;
    else if (this.player.position > this.first) this.player.moveTo(this.player.position - 1);
    this._tell();
  }

  toStart() {
    this.aimed = false;
    this.player.moveTo(this.first);
    this._tell();
  }

  toEnd() {
    this.aimed = false;
    this.player.moveTo(this.entries.length);
    this._tell();
  }

  /** Say and mark where it stands. */
  _tell() {
    const {position} = this.player;
    const left = this.entries.slice(position).filter((entry) => entry.type === "reveal").length;
    if (this.aimed) {
      const {p, q} = this.entries[position];
      this.board.mark(p, q);
      this.said(`${this._name(p)}: problem ${printable(this.contest.problems[q].label)} is next. ${left} to reveal.`);
      return;
    }
    const entry = position > this.first ? this.entries[position - 1] : null;
    if (entry === null) {
      this.board.mark(null, null);
      this.said(left ? `${plural(left, "cell")} to reveal.` : "Nothing was hidden.");
      return;
    }
    if (entry.p === undefined) {
      this.board.mark(null, null);
      this.said("All is revealed: these are the final standings.");
      return;
    }
    this.player.standings.order();
    const row = this.player.standings.rows[entry.p];
    this.board.mark(entry.p, entry.type === "reveal" ? entry.q : null);
    this.said(entry.type === "settled"
      ? `${this._name(entry.p)}: place ${row.rank} is final. ${left} to reveal.`
      : `${this._name(entry.p)}: problem ${printable(this.contest.problems[entry.q].label)} ${CELL_WORDS[entry.cell.state]}, now place ${row.rank}.`);
  }

  _name(p) {
    return printable(this.contest.participants[p].name);
  }
}

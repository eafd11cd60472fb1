"use strict";
// The standings after any number of entries of the contest's log.
//
// Live view, replay, resolver and exported page all read one log, made by the server
// (agent/web/log.py), which alone knows the rules: an entry brings the new state of one cell
// together with the totals and the sort key of its row. Here they are only put in place.

class Standings {
  constructor(contest) {
    this.contest = contest;
    this.rows = contest.participants.map((participant, index) => ({
      index,
      participant,
      cells: contest.problems.map(() => null),
      totals: contest.start.totals,
      key: contest.start.key,
      rank: 1,
      settled: false,
      medal: null,
      work: [],
    }));
    this.submissions = new Map();
    this.phase = "before";
    this.time = 0;
    this._collator = new Intl.Collator();
    this._order = null;
  }

  /** Put one entry in place; returns the indices of the participants whose rows changed. */
  apply(entry) {
    this.time = Math.max(this.time, entry.t);
    if (entry.type === "phase") {
      this.phase = entry.phase;
      for (const [medal, places] of Object.entries(entry.medals || {})) {
        for (const p of places) this.rows[p].medal = medal;
      }
      return entry.medals ? this.rows.map((row) => row.index) : [];
    }
    const row = this.rows[entry.p];
    if (entry.type === "settled") {
      row.settled = true;
      return [entry.p];
    }
    if (entry.type === "work") {
      row.work.push(entry);
      return [];
    }
    if (entry.type === "submission") {
      this.submissions.set(entry.id, {...entry, verdict: null, score: null});
    }
    for (const judged of entry.judged || []) Object.assign(this.submissions.get(judged.id), judged);
    if (entry.cell) row.cells[entry.q] = entry.cell;
    if (entry.totals) {
      row.totals = entry.totals;
      row.key = entry.key;
      this._order = null;
    }
    return [entry.p];
  }

  /** Rows, best first, each with its rank: equal keys share one. */
  order() {
    if (this._order === null) {
      const byName = (a, b) => this._collator.compare(a.participant.name, b.participant.name) || a.index - b.index;
      this._order = [...this.rows].sort((a, b) => Standings.compare(a.key, b.key) || byName(a, b));
      this._order.forEach((row, place) => {
        const above = this._order[place - 1];
        row.rank = above && Standings.compare(above.key, row.key) === 0 ? above.rank : place + 1;
      });
    }
    return this._order;
  }

  static compare(a, b) {
    for (let i = 0; i < a.length; i += 1) {
      if (a[i] !== b[i]) return a[i] - b[i];
    }
    return 0;
  }

  /** The standings after the first `count` entries of a log. */
  static after(contest, entries, count) {
    const standings = new Standings(contest);
    for (let i = 0; i < count; i += 1) standings.apply(entries[i]);
    return standings;
  }
}

"use strict";
// Where in the log a board stands: at its end (live), at any other time (replay), or at any step
// of the reveals (resolver). Going forward changes rows; going back draws the board anew.

class Player {
  /** `changed(entries)` is called after every move, with the entries that were put in place. */
  constructor(contest, board, changed) {
    this.contest = contest;
    this.board = board;
    this.changed = changed;
    this.entries = [];
    this.following = true;
    this.speed = 0;
    this.reset();
  }

  /** Forget every entry (the server has another contest, or started it anew). */
  reset() {
    this.entries = [];
    this.moveTo(0);
  }

  /** More of the log has arrived. */
  append(entries) {
    for (const entry of entries) this.entries.push(entry);
    if (this.following) this.moveTo(this.entries.length);
  }

  moveTo(count) {
    if (this.standings === undefined || count < this.position || count - this.position > Player.MANY) {
      this.standings = Standings.after(this.contest, this.entries, count);
      this.position = count;
      this.board.show(this.standings);
      this.changed([]);
      return;
    }
    const applied = this.entries.slice(this.position, count);
    const rows = new Set(applied.flatMap((entry) => this.standings.apply(entry)));
    this.position = count;
    if (rows.size) this.board.update(rows);
    this.changed(applied);
  }

  /** How many entries had happened at a time. */
  countAt(seconds) {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.entries[middle].t <= seconds) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  seek(seconds) {
    this.following = false;
    this.time = seconds;
    this.moveTo(this.countAt(seconds));
  }

  follow() {
    this.pause();
    this.following = true;
    this.moveTo(this.entries.length);
  }

  /** Play on from where it stands (from the start if that is the end), `speed` seconds a second. */
  play(speed) {
    if (this.following || this.position === this.entries.length) this.seek(0);
    this.speed = speed;
    let last = performance.now();
    const step = (now) => {
      if (!this.speed) return;
      this.time += ((now - last) / 1000) * this.speed;
      last = now;
      this.moveTo(this.countAt(this.time));
      if (this.position === this.entries.length) this.pause();
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  pause() {
    this.speed = 0;
    this.changed([]);
  }
}

/** More entries than this at once are not shown one by one. */
Player.MANY = 400;

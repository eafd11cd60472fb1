"use strict";
// Where the contest and its log come from: the page itself (exported), or the server, live.

class Source {
  /** `on` has `contest(contest)`, `entries(list)`, `clock({now})` and `connection(state)`. */
  constructor(on) {
    this.on = on;
    this.retry = 1000;
    const embedded = byId("embedded");
    if (embedded) {
      const {contest, entries} = JSON.parse(embedded.textContent);
      on.contest(contest);
      on.entries(entries);
      on.connection("export");
    } else {
      this._load();
    }
  }

  /** The whole log with its reveals, as far as this viewer may see it; null where not yet. */
  static async reveals() {
    const embedded = byId("embedded");
    if (embedded) return JSON.parse(embedded.textContent).entries;
    const answer = await fetch("data/log?reveals=1", {cache: "no-store"});
    return answer.ok ? (await answer.json()).entries : null;
  }

  async _load() {
    try {
      const answers = await Promise.all(["data/contest", "data/log"].map((url) => fetch(url, {cache: "no-store"})));
      if (answers.some((answer) => !answer.ok)) throw new Error("not there");
      const [contest, log] = await Promise.all(answers.map((answer) => answer.json()));
      if (contest.tag !== log.tag) throw new Error("the contest changed in between");
      this.on.contest(contest);
      this.on.entries(log.entries);
      this._listen(`${log.tag}:${log.entries.length}`);
    } catch {
      this._again(() => this._load());
    }
  }

  /** Entries from a place in the log on. The browser itself names the last one after a break. */
  _listen(place) {
    this.place = place;
    const stream = new EventSource(`data/stream?place=${encodeURIComponent(place)}`);
    stream.addEventListener("open", () => {
      this.retry = 1000;
      this.on.connection("live");
    });
    stream.addEventListener("entries", (event) => {
      this.place = event.lastEventId;
      this.on.entries(JSON.parse(event.data));
    });
    stream.addEventListener("clock", (event) => this.on.clock(JSON.parse(event.data)));
    stream.addEventListener("reset", () => {
      stream.close();
      this._load();
    });
    stream.addEventListener("error", () => {
      // The stream is opened again here and not by the browser, which gives up when a server
      // that is just starting refuses it.
      stream.close();
      this._again(() => this._listen(this.place));
    });
  }

  _again(action) {
    this.on.connection("lost");
    setTimeout(action, this.retry);
    this.retry = Math.min(10000, this.retry * 1.5);
  }
}

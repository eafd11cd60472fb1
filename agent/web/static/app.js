"use strict";
// Wires the page: one contest, one log, and the view that the address names (#board,
// #participant/<id>, #problem/<id>, #resolver).

const PHASES = {before: "not started", running: "running", frozen: "frozen", ended: "ended", open: "all revealed", final: "final"};
const CONNECTIONS = {live: "live", lost: "reconnecting", connecting: "connecting", export: "recorded"};
const SPEEDS = [1, 10, 60, 300, 1000, 5000];
const RECENT = 8;

const App = {
  contest: null,
  player: null,
  resolver: null,
  clock: {now: 0, speed: 0, at: 0},

  start() {
    App._theme();
    byId("speed").append(...SPEEDS.map((speed) => el("option", {value: speed, selected: speed === 300}, `${speed}\u00d7`)));
    byId("filter").addEventListener("input", (event) => App.board.find(event.target.value));
    byId("play").addEventListener("click", () => App._togglePlay());
    byId("speed").addEventListener("change", () => { if (App.player.speed) App.player.speed = Number(byId("speed").value); });
    byId("seek").addEventListener("input", (event) => {
      App.player.pause();
      App.player.seek(Number(event.target.value));
    });
    byId("follow").addEventListener("click", () => App.player.follow());
    byId("step-next").addEventListener("click", () => App.resolver.next());
    byId("step-back").addEventListener("click", () => App.resolver.back());
    byId("step-first").addEventListener("click", () => App.resolver.toStart());
    byId("step-last").addEventListener("click", () => App.resolver.toEnd());
    window.addEventListener("hashchange", () => App.route());
    window.addEventListener("keydown", (event) => App._key(event));
    setInterval(() => App._tick(), 500);
    App.source = new Source({
      contest: (contest) => App._contest(contest),
      entries: (entries) => App.player.append(entries),
      clock: (clock) => { App.clock = {...clock, at: performance.now()}; },
      connection: (state) => App._connection(state),
    });
  },

  _contest(contest) {
    App.contest = contest;
    document.title = `${printable(contest.name)} \u2013 scoreboard`;
    byId("contest-name").replaceChildren(quoted(contest.name));
    byId("contest-about").textContent = `${contest.kind.toUpperCase()} rules, ${plural(contest.problems.length, "problem")}, ${plural(contest.participants.length, "participant")}`;
    byId("seek").max = contest.duration;
    App.board = new Board(byId("standings"), contest);
    App.player = new Player(contest, App.board, (entries) => App._moved(entries));
    App.resolver = null;
    App.route();
  },

  _connection(state) {
    byId("connection").textContent = CONNECTIONS[state];
    byId("connection").dataset.state = state;
    byId("api-link").hidden = state === "export";
  },

  /** The board has moved: by these entries, or anywhere (none given). */
  _moved(entries) {
    const {player, contest} = App;
    if (!player) return;
    const {phase} = player.standings;
    byId("phase").textContent = PHASES[phase];
    byId("phase").dataset.phase = phase;
    byId("play").textContent = player.speed ? "Pause" : "Replay";
    byId("follow").hidden = player.following;
    byId("to-resolver").hidden = !contest.resolver || contest.freeze === null || !["ended", "open", "final"].includes(phase);
    App._tick();
    App._recent();
    App._announce(entries);
    if (!byId("view-account").hidden && App.shownAt !== player.position) App._account();
  },

  /** The time that the board shows: of the replay, or now. */
  _tick() {
    const {player, contest, clock} = App;
    if (!player) return;
    let now = player.following ? player.standings.time : player.time;
    if (player.following && clock.speed) now = Math.max(now, clock.now + ((performance.now() - clock.at) / 1000) * clock.speed);
    now = Math.min(now, contest.duration);
    byId("clock").textContent = clockText(now);
    byId("elapsed").value = now / contest.duration;
    if (document.activeElement !== byId("seek")) byId("seek").value = now;
    byId("seek").setAttribute("aria-valuetext", clockText(now));
  },

  _recent() {
    const {player, contest} = App;
    const found = [];
    for (let i = player.position - 1; i >= 0 && found.length < RECENT; i -= 1) {
      const entry = player.entries[i];
      if (entry.judged && entry.judged.length) found.push(entry);
    }
    byId("recent").replaceChildren(...found.map((entry) => el("li", {},
      el("span", {class: "clock"}, clockText(entry.t)), " ",
      el("a", {href: `#participant/${encodeURIComponent(contest.participants[entry.p].id)}`}, quoted(contest.participants[entry.p].name)), " ",
      printable(contest.problems[entry.q].label), " ",
      ...entry.judged.slice(-1).map((judged) => Accounts.verdict(judged)))));
  },

  /** Tell a screen reader, not more often than it can say. */
  _announce(entries) {
    for (const entry of entries) {
      if (entry.judged && entry.cell.state === "solved" && entry.judged.length) App.news = entry;
      if (entry.type === "phase") App.newsPhase = entry.phase;
    }
    if (App.talking || (!App.news && !App.newsPhase)) return;
    App.talking = setTimeout(() => {
      App.talking = null;
      const {news, newsPhase, contest, player} = App;
      App.news = null;
      App.newsPhase = null;
      player.standings.order();
      const parts = [];
      if (newsPhase) parts.push(`The contest is ${PHASES[newsPhase]}.`);
      if (news) parts.push(`${printable(contest.participants[news.p].name)} solved ${printable(contest.problems[news.q].label)}, place ${player.standings.rows[news.p].rank}.`);
      byId("announcer").textContent = parts.join(" ");
    }, 2000);
  },

  _togglePlay() {
    if (App.player.speed) App.player.pause();
    else App.player.play(Number(byId("speed").value));
    App._moved([]);
  },

  route() {
    if (!App.contest) return;
    const [view, id] = location.hash.slice(1).split("/");
    const account = view === "participant" || view === "problem";
    const board = !account && view !== "resolver";
    if (!byId("view-board").hidden) App.left = document.activeElement;
    byId("view-board").hidden = !board;
    byId("view-account").hidden = !account;
    byId("view-resolver").hidden = view !== "resolver";
    if (account) {
      App.shown = {view, id: decoded(id || "")};
      App._account();
      byId("account-title").focus();
    } else if (view === "resolver") {
      App._openResolver();
    } else if (App.left) {
      // Back where the reader came from.
      App.left.focus();
      App.left = null;
    }
  },

  _account() {
    App.shownAt = App.player.position;
    Accounts[App.shown.view](byId("view-account"), App.contest, App.player.standings, App.shown.id);
  },

  async _openResolver() {
    byId("resolver-title").focus();
    if (App.resolver) return;
    const said = (text) => { byId("resolver-step").textContent = text; };
    const entries = await Source.reveals();
    if (entries === null) said("Only the presenter may reveal: open the address that the server printed.");
    else App.resolver = new Resolver(App.contest, entries, byId("resolver-table"), said);
  },

  _key(event) {
    if (byId("view-resolver").hidden || !App.resolver || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.closest("a, button, input, select") && event.key === " ") return;
    const steps = {" ": "next", ArrowRight: "next", PageDown: "next", ArrowLeft: "back", PageUp: "back", Home: "toStart", End: "toEnd"};
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    App.resolver[step]();
  },

  _theme() {
    const dark = () => (document.documentElement.dataset.theme || (window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    const button = byId("theme");
    const show = () => { button.textContent = dark() ? "Light" : "Dark"; };
    try {
      const kept = localStorage.getItem("theme");
      if (kept) document.documentElement.dataset.theme = kept;
    } catch { /* storage is switched off: the choice lasts as long as the page */ }
    button.addEventListener("click", () => {
      const chosen = dark() ? "light" : "dark";
      document.documentElement.dataset.theme = chosen;
      try { localStorage.setItem("theme", chosen); } catch { /* as above */ }
      show();
    });
    show();
  },
};

App.start();

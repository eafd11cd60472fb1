"use strict";
// The account of one participant (a timeline and every submission), and that of one problem.

const Accounts = {
  /** Draw the account of a participant into `section`. */
  participant(section, contest, standings, id) {
    const row = standings.rows.find((one) => one.participant.id === id);
    if (!row) return Accounts._missing(section, "participant");
    standings.order();
    const {participant} = row;
    const mine = [...standings.submissions.values()].filter((submission) => submission.p === row.index);
    const facts = [
      ["Rank", `${row.rank} of ${standings.rows.length}`],
      ...(row.medal ? [["Medal", row.medal]] : []),
      ...contest.totals.map((total, i) => [total.name, totalText(contest, row, i)]),
      ["Submissions", String(mine.length)],
      ...participant.about,
    ];
    section.replaceChildren(
      Accounts._title(quoted(participant.name)),
      Accounts._facts(facts),
      Accounts._timeline(contest, row, mine),
      Accounts._submissions(contest, mine, ["Problem", "Why"], (submission) => [
        Accounts._to("problem", contest.problems[submission.q].id, contest.problems[submission.q].label),
        quoted(submission.reason),
      ]),
      Accounts._work(contest, row),
    );
    return true;
  },

  /** Draw the account of a problem into `section`. */
  problem(section, contest, standings, id) {
    const q = contest.problems.findIndex((problem) => problem.id === id);
    if (q < 0) return Accounts._missing(section, "problem");
    const problem = contest.problems[q];
    const all = [...standings.submissions.values()].filter((submission) => submission.q === q);
    const cells = standings.rows.map((row) => row.cells[q]).filter(Boolean);
    const solved = cells.filter((cell) => cell.state === "solved");
    const first = standings.rows.find((row) => row.cells[q] && row.cells[q].first);
    const facts = [
      ["Solved by", `${solved.length} of ${standings.rows.length}`],
      ["Tried by", String(cells.length)],
      ["Submissions", String(all.length)],
      ["First", first ? el("span", {}, quoted(first.participant.name), ` at ${clockText(first.cells[q].time)}`) : "nobody yet"],
    ];
    if (contest.scored) {
      const scores = cells.map((cell) => cell.score);
      facts.push(["Points", scoreText(problem.points)]);
      facts.push(["Best", scoreText(Math.max(0, ...scores))]);
      facts.push(["Mean of those who tried", scores.length ? scoreText(scores.reduce((a, b) => a + b, 0) / scores.length) : "none"]);
    }
    section.replaceChildren(
      Accounts._title(`${printable(problem.label)} `, quoted(problem.name)),
      Accounts._facts(facts),
      Accounts._verdicts(all),
      Accounts._submissions(contest, all, ["Participant"], (submission) => [
        Accounts._to("participant", contest.participants[submission.p].id, contest.participants[submission.p].name),
      ]),
    );
    return true;
  },

  /** How many submissions a table shows. */
  SHOWN: 500,

  _title(...text) {
    return el("div", {class: "tools"},
      el("h2", {id: "account-title", tabindex: "-1"}, ...text),
      el("a", {class: "button", href: "#board"}, "Standings"));
  },

  _missing(section, what) {
    section.replaceChildren(Accounts._title(`No such ${what}`));
    return false;
  },

  _to(kind, id, text) {
    return el("a", {href: `#${kind}/${encodeURIComponent(id)}`}, quoted(text));
  },

  _facts(facts) {
    return el("dl", {class: "facts"}, ...facts.map(([name, value]) =>
      el("div", {}, el("dt", {}, name), el("dd", {}, typeof value === "string" ? quoted(value) : value))));
  },

  verdict(submission) {
    const verdict = submission.verdict;
    const kind = verdict === null ? "pending" : verdict === "AC" ? "solved" : verdict === "PAC" ? "partial" : "tried";
    return el("span", {class: `verdict ${kind}`}, verdict === null ? "pending" : printable(verdict));
  },

  /** A table of submissions; `names` and `cells` are the columns that the account adds. */
  _submissions(contest, all, [name, ...names], cells) {
    const columns = ["Time", name, "Verdict", ...(contest.scored ? ["Score"] : []), "Language", ...names];
    const rows = all.slice(-Accounts.SHOWN).map((submission) => {
      const [first, ...rest] = cells(submission);
      const score = submission.score === null ? "" : scoreText(submission.score);
      return [clockText(submission.t), first, Accounts.verdict(submission), ...(contest.scored ? [score] : []), printable(submission.language), ...rest];
    });
    const note = all.length > Accounts.SHOWN ? `The last ${Accounts.SHOWN} of ${all.length}.` : null;
    return Accounts._table("Submissions", columns, rows, note);
  },

  /** What is known of each problem that a medalist worked on. */
  _work(contest, row) {
    if (!row.work.length) return "";
    const known = new Map();
    for (const work of row.work) {
      const before = known.get(work.q) || {seconds: 0};
      known.set(work.q, {...work, seconds: before.seconds + work.t - work.from});
    }
    return Accounts._table("Work", ["Problem", "Time spent", "Answers", "Programs", "Pass the samples", "Behaviours"],
      [...known].sort((a, b) => a[0] - b[0]).map(([q, work]) => [printable(contest.problems[q].label), clockText(work.seconds),
        String(work.answers), String(work.programs), String(work.passing), String(work.clusters)]));
  },

  _table(title, columns, rows, note = null) {
    return el("div", {},
      el("h3", {}, title), note === null ? null : el("p", {}, note),
      el("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": title},
        el("table", {class: "plain"},
          el("thead", {}, el("tr", {}, ...columns.map((name) => el("th", {scope: "col"}, name)))),
          el("tbody", {}, ...rows.map((cells) => el("tr", {}, ...cells.map((cell) => el("td", {}, cell)))))),
        rows.length ? null : el("p", {}, "None yet.")));
  },

  _verdicts(all) {
    const counts = new Map();
    for (const {verdict} of all) counts.set(verdict ?? "pending", (counts.get(verdict ?? "pending") || 0) + 1);
    const rows = [...counts].sort((a, b) => b[1] - a[1]);
    const most = Math.max(1, ...counts.values());
    return el("div", {}, el("h3", {}, "Verdicts"), el("ul", {class: "bars"}, ...rows.map(([verdict, count]) =>
      el("li", {}, el("span", {}, printable(verdict)), el("meter", {min: 0, max: most, value: count, "aria-label": `${printable(verdict)}: ${count}`}), el("span", {}, String(count))))));
  },

  /** A lane a problem: work as bars, submissions as marks. The table below says it in words. */
  _timeline(contest, row, mine) {
    const width = 1000;
    const lane = 26;
    const x = (seconds) => 40 + (width - 80) * Math.min(1, seconds / contest.duration);
    const drawing = svg("svg", {viewBox: `0 0 ${width} ${lane * contest.problems.length + 24}`, class: "timeline", role: "img",
      "aria-label": `Timeline: ${plural(mine.length, "submission")}, listed in the table below`});
    if (contest.freeze !== null) {
      drawing.append(svg("rect", {x: x(contest.freeze), y: 0, width: x(contest.duration) - x(contest.freeze), height: lane * contest.problems.length, class: "frozen"}));
    }
    contest.problems.forEach((problem, q) => {
      const y = lane * q + lane / 2;
      const label = svg("text", {x: 8, y: y + 5});
      label.textContent = printable(problem.label);
      drawing.append(label, svg("line", {x1: x(0), x2: x(contest.duration), y1: y, y2: y}));
    });
    for (const work of row.work) {
      const y = lane * work.q + lane / 2;
      drawing.append(svg("rect", {x: x(work.from), y: y - 3, width: Math.max(1, x(work.t) - x(work.from)), height: 6, class: "work"}));
    }
    for (const submission of mine) {
      const mark = svg("circle", {cx: x(submission.t), cy: lane * submission.q + lane / 2, r: 7, class: Accounts.verdict(submission).className.replace("verdict ", "")});
      const title = svg("title");
      title.textContent = `${printable(contest.problems[submission.q].label)} at ${clockText(submission.t)}: ${submission.verdict ?? "pending"}`;
      mark.append(title);
      drawing.append(mark);
    }
    for (let part = 0; part <= 4; part += 1) {
      const text = svg("text", {x: x(contest.duration * part / 4), y: lane * contest.problems.length + 18, class: "tick"});
      text.textContent = clockText(contest.duration * part / 4);
      drawing.append(text);
    }
    return el("div", {}, el("h3", {}, "Timeline"), el("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": "Timeline"}, drawing));
  },
};

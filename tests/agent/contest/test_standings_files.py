"""Real standings, scored again: every rank, total and medal as published.

Sources of the files in `data/`: see `data/README.md`.
"""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from medalist.agent.contest.events import Contest, ContestOpened
from medalist.agent.contest.humans import HumanTable, admit, read_humans
from medalist.agent.contest.humans.sheet import read_cell
from medalist.agent.contest.kinds import AtCoder, Codeforces, Icpc, Ioi, Rules
from medalist.agent.contest.kinds.ioi import IOI_MEDALS
from medalist.agent.contest.placing import medal, place
from medalist.agent.contest.ratings import Outing, beats, performance
from medalist.agent.contest.scoreboard import Standings
from medalist.agent.contest.standings import standings
from medalist.errors import BadInput
from tests.agent.contest.board import play
from tests.agent.contest.codeforces_rule import codeforces_changes

DATA = Path(__file__).parent / "data"


def scored(path: Path, rules: Rules) -> tuple[HumanTable, Contest, Standings]:
    table = read_humans(path)
    duration_s = table.duration_s or 18000
    people = admit([table], table.problems, duration_s)
    opened = ContestOpened(contest_id="x", name="x", rules=rules, duration_s=duration_s)
    contest = Contest(opened, table.problems, people.participants)
    return table, contest, standings(contest, people.events)


@pytest.mark.parametrize(
    ("name", "rules", "rows"), [("nerc-2022.csv", Icpc(), 281), ("apio-2021.tsv", Ioi(), 228)]
)
def test_every_rank_and_total_comes_out_again(name: str, rules: Rules, rows: int) -> None:
    table, contest, actual = scored(DATA / name, rules)
    stated = {row.participant.participant_id: row for row in table.rows}
    assert len(actual.rows) == rows
    for row in actual.rows:
        assert row.rank == contest.participant(row.participant_id).place
        assert row.total == stated[row.participant_id].total


def test_every_penalty_of_nerc_comes_out_again() -> None:
    _, _, actual = scored(DATA / "nerc-2022.csv", Icpc())
    with (DATA / "nerc-2022.csv").open() as lines:
        stated = {
            row["name"].replace(" ", "-"): float(row["penalty"]) for row in csv.DictReader(lines)
        }
    assert {row.participant_id: row.penalty for row in actual.rows} == stated


@pytest.mark.parametrize(
    ("team", "rank", "minutes", "rejected", "last_s"),
    [
        ("788321", 1, (46, 243, 223, 109, 8, 26, 260, 65, 211, 32), 5, 15646),
        ("788418", 4, (80, 184, 90, 17, 11, 143, 236, 130), 4, 14199),
        ("780665", 5, (25, 176, 290, 218, 15, 10, 134, 63), 2, 17410),
    ],
)
def test_three_rows_of_nerc_by_hand(
    team: str, rank: int, minutes: tuple[int, ...], rejected: int, last_s: int
) -> None:
    # The sums that docs/contests.md writes out.
    _, _, actual = scored(DATA / "nerc-2022.csv", Icpc())
    row = actual.row(f"team-{team}")
    assert (row.rank, row.total) == (rank, len(minutes))
    assert row.penalty == sum(minutes) + 20 * rejected
    assert row.last_s == last_s


def test_every_medal_of_apio_comes_out_again() -> None:
    _, contest, actual = scored(DATA / "apio-2021.tsv", Ioi())
    with (DATA / "apio-2021.tsv").open() as lines:
        stated = {row["Name"]: row["Medal"] for row in csv.DictReader(lines, delimiter="\t")}
    for row in actual.rows:
        got = medal(contest.rules, row, actual.rows, IOI_MEDALS) or "participant"
        assert got.capitalize() == stated[contest.participant(row.participant_id).name]


def rated_round() -> list[dict[str, float | None]]:
    """Codeforces Round 641 (Div. 1): points, penalty, rating, change, Carrot's performance."""
    with (DATA / "codeforces-1349.csv").open() as lines:
        return [
            {name: float(value) if value else None for name, value in row.items()}
            for row in csv.DictReader(lines)
        ]


def test_every_rating_change_of_a_codeforces_round_comes_out_again() -> None:
    rows = rated_round()
    ratings = [row["rating"] or 0.0 for row in rows]
    points = [row["points"] or 0.0 for row in rows]
    places = [sum(other >= mine for other in points) for mine in points]
    assert codeforces_changes(ratings, places) == [row["change"] for row in rows]


def test_performance_agrees_with_carrot_but_for_the_inflation_terms() -> None:
    # Carrot's performance is the rating whose change would be 0. The change is half of (what we
    # call performance minus the rating), less what everybody loses against inflation: so the two
    # differ by the same number for everybody, twice that loss.
    rows = rated_round()
    ratings = [row["rating"] or 0.0 for row in rows]
    points = [row["points"] or 0.0 for row in rows]
    differences = []
    for index in range(20, 1000, 70):
        last = sum(other >= points[index] for other in points)
        others = (*ratings[:index], *ratings[index + 1 :])
        known = rows[index]["carrot"]
        assert known is not None
        differences.append(performance(Outing(others, last)) - known)
    assert max(differences) - min(differences) < 3
    assert 40 < min(differences) < 50


def test_one_of_ours_in_a_rated_round_with_real_people(tmp_path: Path) -> None:
    # 500 - 2 * 10 + 1000 - 4 * 30 + 1500 - 6 * 70 = 2440 points among the 1,248 of the round.
    sheet = tmp_path / "people.csv"
    lines = [f"p{n},{row['rating']},{row['points']}" for n, row in enumerate(rated_round())]
    sheet.write_text("\n".join(["name,rating,bonus", *lines]) + "\n")
    table = read_humans(sheet)
    contest, events = play(
        Codeforces(), {"A": 500, "B": 1000, "C": 1500}, {"us": "A 10 AC, B 30 AC, C 70 AC"}
    )
    people = admit([table], contest.problems, contest.duration_s)
    together = replace(contest, participants=(*contest.participants, *people.participants))
    actual = place(together, standings(together, [*events, *people.events]), "us")
    points = [row["points"] or 0.0 for row in rated_round()]
    # 254 were better, 3 have the same points.
    assert (sum(point > 2440 for point in points), points.count(2440)) == (254, 3)
    assert (actual.place, actual.people) == (255, 1248)
    assert actual.percentile == pytest.approx(100 * (1248 - 254 - 3 + 1.5) / 1248)
    # By hand: at the performance, the chances of all others to come before add up to the place.
    assert actual.performance is not None
    ahead = sum(
        1 / (1 + 10 ** ((actual.performance - (row["rating"] or 0)) / 400)) for row in rated_round()
    )
    assert 1 + ahead == pytest.approx(255 + 1.5, abs=0.001)
    assert round(actual.performance) == 2459


def test_who_wins_how_often() -> None:
    # https://codeforces.com/blog/entry/102: a difference of 400 is odds of 10 to 1.
    assert beats(1900, 1500) == pytest.approx(10 / 11)
    assert beats(1500, 1500) == 0.5


def test_codeforces_api(tmp_path: Path) -> None:
    # The answer of contest.standings for rank 36 of contest 1474 (Codeforces Round 696, Div. 2).
    cells = [(500, 492, 0, 284), (1000, 860, 2, 642), (1500, 1338, 0, 1622), (2000, 1436, 2, 3502),
             (2250, 0, 1, None), (3000, 0, 0, None)]  # fmt: skip
    value = {
        "status": "OK",
        "result": {
            "contest": {"id": 1474, "name": "Round 696", "type": "CF", "durationSeconds": 7200},
            "problems": [
                {"index": label, "name": label, "points": cell[0]}
                for label, cell in zip("ABCDEF", cells, strict=True)
            ],
            "rows": [
                {
                    "party": {"members": [{"handle": "h"}], "participantType": "CONTESTANT"},
                    "rank": 36,
                    "points": 4126.0,
                    "successfulHackCount": 1,
                    "unsuccessfulHackCount": 2,
                    "problemResults": [
                        {
                            "points": points,
                            "rejectedAttemptCount": rejected,
                            **({} if time is None else {"bestSubmissionTimeSeconds": time}),
                        }
                        for _, points, rejected, time in cells
                    ],
                }
            ],
        },
    }
    path = tmp_path / "standings.json"
    path.write_text(json.dumps(value))
    path.with_name("standings.json.ratings.json").write_text(
        json.dumps({"result": [{"handle": "h", "oldRating": 2000}]})
    )
    table, contest, actual = scored(path, Codeforces())
    row = actual.rows[0]
    assert row.total - row.bonus == 4126
    assert row.bonus == 0  # +100 and twice -50
    assert contest.participant("h").rating == 2000
    assert table.duration_s == 7200


def test_points_that_a_file_states_count_under_any_rules(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("name,A,B\nx,480@0:10:05(-2),\ny,470,100\n")
    for rules in (Codeforces(), Ioi(), AtCoder()):
        _, _, actual = scored(path, rules)
        assert [row.total for row in actual.rows] == [570, 480]
    assert scored(path, AtCoder())[2].row("x").penalty == 605 + 2 * 300


def test_a_time_after_the_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "late.csv"
    path.write_text("name,A\nx,1/301\n")
    with pytest.raises(BadInput, match="after the end"):
        scored(path, Icpc())


FEED = """
{"type":"contest","id":"c","data":{"id":"c","name":"C","duration":"5:00:00.000","scoreboard_freeze_duration":"1:00:00"}}
{"type":"judgement-types","id":"AC","data":{"id":"AC","penalty":false,"solved":true}}
{"type":"judgement-types","id":"CE","data":{"id":"CE","penalty":false,"solved":false}}
{"type":"judgement-types","id":"WA","data":{"id":"WA","penalty":true,"solved":false}}
{"type":"problems","id":"p1","data":{"id":"p1","label":"A","name":"Apples","ordinal":0}}
{"type":"groups","id":"g","data":{"id":"g","name":"staff","hidden":true}}
{"type":"teams","id":"1","data":{"id":"1","name":"One","group_ids":[]}}
{"type":"teams","id":"2","data":{"id":"2","name":"Staff","group_ids":["g"]}}
{"type":"submissions","id":"10","data":{"id":"10","team_id":"1","problem_id":"p1","contest_time":"0:10:00.500"}}
{"type":"submissions","id":"11","data":{"id":"11","team_id":"1","problem_id":"p1","contest_time":"0:12:00.000"}}
{"type":"submissions","id":"12","data":{"id":"12","team_id":"1","problem_id":"p1","contest_time":"0:20:30.000"}}
{"type":"submissions","id":"13","data":{"id":"13","team_id":"2","problem_id":"p1","contest_time":"0:01:00.000"}}
{"type":"submissions","id":"14","data":{"id":"14","team_id":"1","problem_id":"p1","contest_time":"-0:01:00.000"}}
{"type":"judgements","id":"1","data":{"id":"1","submission_id":"10","judgement_type_id":"CE","end_contest_time":"0:10:05.000"}}
{"type":"judgements","id":"2","data":{"id":"2","submission_id":"11","judgement_type_id":null}}
{"type":"judgements","id":"2","data":{"id":"2","submission_id":"11","judgement_type_id":"WA","end_contest_time":"0:12:05.000"}}
{"type":"judgements","id":"3","data":{"id":"3","submission_id":"12","judgement_type_id":"AC","end_contest_time":"0:20:35.000"}}
"""


def test_event_feed(tmp_path: Path) -> None:
    path = tmp_path / "feed.ndjson"
    path.write_text(FEED)
    table, contest, actual = scored(path, Icpc())
    assert (table.duration_s, table.freeze_s) == (18000, 14400)
    assert [participant.name for participant in contest.participants] == ["One"]
    assert (actual.rows[0].total, actual.rows[0].penalty) == (1, 40)


def test_event_feed_of_2020_03(tmp_path: Path) -> None:
    lines = [json.loads(line) for line in FEED.split("\n") if line]
    old = [
        {
            "type": "contests" if one["type"] == "contest" else one["type"],
            "id": str(number),
            "op": "create",
            "data": one["data"],
        }
        for number, one in enumerate(lines)
    ]
    gone = {"type": "submissions", "id": "x", "op": "delete", "data": {"id": "11"}}
    path = tmp_path / "feed.json"
    path.write_text("\n".join(json.dumps(item) for item in [*old, gone]))
    _, _, actual = scored(path, Icpc())
    assert actual.rows[0].penalty == 20


def test_scoreboard_of_the_contest_api(tmp_path: Path) -> None:
    path = tmp_path / "scoreboard.json"
    problems = [{"label": "A", "problem_id": "p1", "num_judged": 3, "solved": True, "time": 45},
                {"label": "B", "problem_id": "p2", "num_judged": 1, "solved": False}]  # fmt: skip
    row = {"rank": 1, "team_id": "7", "score": {"num_solved": 1, "total_time": 85}}
    path.write_text(json.dumps({"rows": [{**row, "problems": problems}]}))
    path.with_name("teams.json").write_text(json.dumps([{"id": "7", "name": "Seven"}]))
    _, contest, actual = scored(path, Icpc())
    assert (actual.rows[0].penalty, contest.participants[0].name) == (85, "Seven")


@pytest.mark.parametrize(
    ("text", "rejected", "time_s", "solved", "points"),
    [
        ("2/45", 1, 2700, True, None),
        ("2/0:45:10", 1, 2710, True, None),
        ("3/--", 3, None, False, None),
        ("-3", 3, None, False, None),
        ("+", 0, None, True, None),
        ("+2", 2, None, True, None),
        ("63.5", 0, None, False, 63.5),
        ("480@10:05", 0, 605, False, 480),
        ("480@1:10:05(-2)", 2, 4205, False, 480),
    ],
)
def test_cells(
    text: str, rejected: int, time_s: float | None, solved: bool, points: float | None
) -> None:
    cell = read_cell(text)
    assert cell is not None
    assert (cell.rejected, cell.time_s, cell.solved, cell.points) == (
        rejected, time_s, solved, points,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("rank,A\n1,1/2\n", "line 1"),
        ("name,A\nx,what\n", "line 2: A"),
        ("name,A\nx\n", "line 2"),
        ("name,A,A\nx,,\n", "used twice"),
        ("name,rating\nx,high\n", "line 2: rating"),
        ("{}", "not standings"),
        ('{"type":"contest"}\n{', "line"),
        ('{"result": {"contest": {}, "rows": [], "problems": []}}', "durationSeconds"),
    ],
)
def test_bad_files_say_what_is_wrong(text: str, field: str, tmp_path: Path) -> None:
    path = tmp_path / "standings"
    path.write_text(text)
    with pytest.raises(BadInput) as error:
        read_humans(path)
    assert field in str(error.value)
    assert str(path) in str(error.value)

from __future__ import annotations

import pytest

from medalist.agent.evidence.program_mutants import mutants

CPP = """#include <iostream>
using namespace std;
int main() {
    long long n, best = 0;
    cin >> n;
    for (int i = 0; i < n; i++) {
        long long x;
        cin >> x;
        if (x > best) best = max(best, x + 1);
    }
    cout << best << endl;
}
"""
PYTHON = """n = int(input())
best = 0
for x in map(int, input().split()):
    if x > best and n > 0:
        best = max(best, x + 1)
print(best)
"""


@pytest.mark.parametrize(("source", "family"), [(CPP, "cpp"), (PYTHON, "python")])
def test_every_mutant_is_one_small_change(source: str, family: str) -> None:
    made = mutants(source, family, count=1000, seed=1)
    texts = [mutant.source for mutant in made]
    assert len(texts) == len(set(texts)) >= 12
    assert source not in texts
    for mutant in made:
        assert mutant.change.startswith("line ")
        pairs = zip(source.splitlines(), mutant.source.splitlines(), strict=False)
        first = next(row for row, (old, new) in enumerate(pairs, 1) if old != new)
        assert first == int(mutant.change.split(":")[0].removeprefix("line "))
        if family == "python":
            compile(mutant.source, "mutant", "exec")


def test_streams_and_includes_are_left_alone() -> None:
    for mutant in mutants(CPP, "cpp", count=1000, seed=1):
        assert "#include <iostream>" in mutant.source
        assert "cin << " not in mutant.source
        assert "cout >> " not in mutant.source


def test_the_usual_faults_are_among_them() -> None:
    changes = {mutant.change for mutant in mutants(CPP, "cpp", count=1000, seed=1)}
    for wanted in (
        "line 6: < to <=",
        "line 4: long long to int",
        "line 9: max to min",
        "line 9: (x > best) to (!(x > best))",
        "line 6: 0 to 1",
    ):
        assert wanted in changes


@pytest.mark.parametrize(
    "line",
    [
        "#define ll long long",
        "#define int long long",
        "typedef long long ll;",
        "using ll = long long;",
        "const long long int most = 5;",
    ],
)
def test_numbers_become_too_narrow_however_their_type_is_written(line: str) -> None:
    made = mutants(f"{line}\nint main() {{}}\n", "cpp", count=100, seed=1)
    narrow = line.replace("long long int", "int").replace("long long", "int")
    assert narrow in [mutant.source.splitlines()[0] for mutant in made if mutant.narrows]


def test_several_faults_seed_and_count() -> None:
    made = mutants(PYTHON, "python", count=60, seed=4, faults=2)
    assert len({mutant.source for mutant in made}) == 60
    assert all(mutant.change.count("line ") == 2 for mutant in made)
    assert made == mutants(PYTHON, "python", count=60, seed=4, faults=2)
    assert made != mutants(PYTHON, "python", count=60, seed=5, faults=2)
    assert mutants("", "python", count=5, seed=1) == []
    assert mutants("", "python", count=5, seed=1, faults=2) == []

import pytest

from medalist.agent.extract.builds import build_key, merge_builds, script_keys
from medalist.agent.extract.bytecode import bytecode_key
from medalist.agent.propose import program_id
from medalist.agent.types import Program
from medalist.problems.assemble import submission
from medalist.problems.model import PublicProblem
from medalist.sandbox.pool import Pool

FUNCTION = (
    "def f(n):\n    total = 0\n    for i in range(n):\n        total += i\n    return total\n"
)
CALL = "print(f(int(input())))\n"


def test_names_of_locals_comments_and_lines_do_not_count() -> None:
    renamed = FUNCTION.replace("total", "s").replace("    for i in", "\n    # x\n    for j in")
    renamed = renamed.replace("+= i", "+= j")
    assert bytecode_key(FUNCTION + CALL) == bytecode_key(renamed + CALL) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 1\nprint(x)\n", "y = 1\nprint(y)\n"),  # globals are names
        ("def f(a): return a\nf(a=1)\n", "def f(b): return b\nf(a=1)\n"),
        ("def f(): return 1\n", "def f(): return 1.0\n"),
        ("def f(): return 1\n", "def f(): return True\n"),
        ("def f(): return 0.0\n", "def f(): return -0.0\n"),
        ("def f(): return (1, 2)\n", "def f(): return (1, 2.0)\n"),
        ("def f(x): return x in {1, 2}\n", "def f(x): return x in {1, 3}\n"),
        ("def f(): return g\n", "def f(): return h\n"),
        ("def f(x): return x.a\n", "def f(x): return x.b\n"),
        ("def f(a, b): return a\n", "def f(a, b): return b\n"),
        ("def f(a, b=1): return a\n", "def f(a, *, b=1): return a\n"),
        ("def f(*a): return 1\n", "def f(**a): return 1\n"),
        ("f = lambda x: x\nprint(f.__name__)\n", "def f(x): return x\nprint(f.__name__)\n"),
        ("class A: x = 1\n", "class A: y = 1\n"),
        ("def f():\n    a = 1\n    def g(): return a\n    return g\n",
         "def f():\n    a = 1\n    def g(): return b\n    return g\n"),
        ("def f(a, b):\n    def g(): return a\n    return g\n",
         "def f(a, b):\n    def g(): return b\n    return g\n"),
        ("def f():\n    try:\n        g()\n    except ValueError:\n        pass\n    h()\n",
         "def f():\n    try:\n        g()\n        h()\n    except ValueError:\n        pass\n"),
    ],
)  # fmt: skip
def test_what_is_seen_while_running_counts(one: str, other: str) -> None:
    assert bytecode_key(one) != bytecode_key(other)
    assert None not in (bytecode_key(one), bytecode_key(other))


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    a = 1\n    print(locals())\n",
        "def f():\n    try:\n        x\n    except NameError as e:\n        print(e)\n",
        "import sys\nprint(sys._getframe().f_lineno)\n",
        "def f(): pass\nprint(f.__code__)\n",
        "print(open(__file__).read())\n",
        "print((\n",
        "x = '\0'\n",
    ],
)
def test_no_key_where_names_or_lines_can_be_seen(source: str) -> None:
    assert bytecode_key(source) is None


CPP = '#include <cstdio>\nint main() {{ int {0}; scanf("%d", &{0}); printf("%d", {0} {1} 2); }}\n'


def test_programs_of_one_build_are_merged_with_all_votes(pool: Pool) -> None:
    sources = [
        ("cpp", CPP.format("a", "+")),
        ("cpp", CPP.format("b", "+")),
        ("cpp", CPP.format("a", "*")),
        ("python", FUNCTION + CALL),
        ("python", FUNCTION.replace("total", "s") + CALL),
        ("python", FUNCTION.replace("total += i", "total -= i") + CALL),
        ("python", "print(1\n"),
    ]
    programs = [
        Program(program_id(language, source), language, source, (f"c{n}",))
        for n, (language, source) in enumerate(sources)
    ]
    public = PublicProblem(problem_id="p", statements={"en": "x"})
    built = {}
    for program in programs:
        result = pool.compile(submission(public, program.language, program.source))
        if result.executable is not None:
            built[program.program_id] = result.executable
    keys = script_keys(
        [p for p in programs if p.language == "python"], "python3", "bytecode.py", pool
    )
    binaries = [p.program_id for p in programs if p.language == "cpp" and p.program_id in built]
    merged = merge_builds(programs, keys | {name: build_key(built[name]) for name in binaries})
    assert [program.candidates for program in merged] == [
        ("c0", "c1"), ("c2",), ("c3", "c4"), ("c5",), ("c6",),
    ]  # fmt: skip
    assert merged[0].source == sources[0][1]


def test_keys_of_many_programs_stay_with_their_programs(pool: Pool) -> None:
    """More than share one start of the interpreter, with some between them that have no key."""
    text = "def f(n):\n    {0} = n + {1}\n    return {0}\nprint(f(1))\n"
    sources = {f"{name}{n}": text.format(name, n) for n in range(70) for name in ("a", "b")}
    sources |= {f"x{n}": f"print({n}" for n in range(0, 70, 9)}
    sources |= {f"l{n}": f"print(locals(), {n})" for n in range(0, 70, 9)}
    # In a mixed order, but the same in every run.
    names = sorted(sources, key=lambda name: (int(name[1:]) * 37 % 70, name))
    programs = [Program(name, "python", sources[name], (name,)) for name in names]
    keys = script_keys(programs, "python3", "bytecode.py", pool)
    assert keys.keys() == {name for name in sources if name[0] in "ab"}
    assert all(keys[f"a{n}"] == keys[f"b{n}"] for n in range(70))
    assert len(set(keys.values())) == 70

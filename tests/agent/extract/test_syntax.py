import pytest

from medalist.agent.languages import written


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("cpp", "int main() { return 0; }"),
        ("cpp", "#define BEGIN {\n#define END }\nint main() BEGIN return 0; END"),
        ("cpp", "#if 0\n}\n#endif\nint main() {}"),
        ("cpp", "char c = '{'; auto s = \"}\"; /* ( */ // ["),
        ("cpp", 'auto s = R"({)";'),
        ("cpp", "int n = 1'000'000; auto f = [](auto x) { return x; };"),
        ("cpp", "vector<vector<int>> a; a[b[0]] = {1, 2};"),
        ("python", "match x:\n    case [1, *rest] if rest:\n        print(rest)\n"),
        ("python", "def f[T](x: T, /, *, y=1) -> T: return (z := x)\n"),
        ("python", "print(f'{x!r:>{width}} {y =}')\n"),
        ("python", "if x:\n\tpass\n\n\n\nelse:\n\tpass"),
        ("python", ""),
    ],
)
def test_what_may_be_right_is_left_to_the_compiler(language: str, source: str) -> None:
    assert written(language).syntax_error(source) is None


@pytest.mark.parametrize(
    ("language", "source", "why"),
    [
        ("cpp", "int main() { if (x) { return 0; }", "not closed"),
        ("cpp", "int main() { return (0; }", "closes nothing"),
        ("cpp", "int main() {} }", "closes nothing"),
        ("cpp", "int main() {} /* the end", "a comment is not closed"),
        ("python", "def f():\n", "line 1"),
        ("python", "x = 1\nprint 'hello'.(\n", "line 2"),
        ("python", "for i in range(3)\n    print(i)\n", "line 1"),
    ],
)
def test_what_is_certainly_wrong_is_named(language: str, source: str, why: str) -> None:
    assert why in (written(language).syntax_error(source) or "")

"""What is read off programs in Java, Kotlin, Rust, Go, C# and JavaScript without a compiler."""

from __future__ import annotations

import importlib.util

import pytest
from tests.sandbox.language_programs import PROGRAMS

from medalist.agent.evidence.program_mutants import mutants
from medalist.agent.extract.answer import Extracted, extract
from medalist.agent.extract.identity import program_id
from medalist.agent.languages import written
from medalist.agent.quote import without_comments

LANGUAGES = sorted(PROGRAMS)


def needs_grammar(language: str) -> None:
    module = {"csharp": "c_sharp"}.get(language, language)
    if importlib.util.find_spec(f"tree_sitter_{module}") is None:
        pytest.skip("no grammar: pip install 'medalist[languages]'")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "shape", ["```{info}\n{code}```", "```\n{code}```", "{code}", "So:\n\n{code}"]
)
def test_a_program_is_found_where_its_language_was_asked_for(language: str, shape: str) -> None:
    code = PROGRAMS[language].text.lstrip()
    answer = shape.format(info=language, code=code)
    extraction = extract(answer, language=language)
    assert (extraction.source, extraction.language) == (code, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_who_asked_for_another_language_gets_it(language: str) -> None:
    answer = f"```{language}\n{PROGRAMS[language].text}```"
    for asked in ("cpp", "python", None):
        assert extract(answer, language=asked).found is not Extracted.PROGRAM


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_that_is_cut_is_no_program(language: str) -> None:
    code = PROGRAMS[language].text.lstrip()
    for share in (0.3, 0.5, 0.8):
        cut = code[: int(share * len(code))]
        extraction = extract(f"```{language}\n{cut}", language=language, finish="length")
        assert extraction.found is Extracted.TRUNCATED, share


@pytest.mark.parametrize("language", LANGUAGES)
def test_programs_that_differ_in_layout_and_comments_are_one(language: str) -> None:
    code = PROGRAMS[language].text
    relaid = "// a remark\n" + code.replace("\n", "  // another\n\n\n", 3)
    if language in ("java", "rust", "csharp"):
        relaid = relaid.replace(") {", ")\n{")
    assert program_id(language, relaid) == program_id(language, code)
    assert program_id(language, code.replace("60", "61", 1)) != program_id(language, code)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("java", "x = a ++ + b;", "x = a + ++ b;"),
        ("java", 'String s = "a  b";', 'String s = "a b";'),
        ("java", 'String s = """\n  a  b""";', 'String s = """\n  a b""";'),
        ("java", 'char c = \'"\'; String s = "a  b";', 'char c = \'"\'; String s = "a b";'),
        ("go", "return\nx", "return x"),
        ("go", "s := `a  b`", "s := `a b`"),
        ("kotlin", "return\nx", "return x"),
        ("kotlin", 'val s = "${m["a  b"]}"', 'val s = "${m["a b"]}"'),
        ("kotlin", "val a = b\n-c", "val a = b - c"),
        ("rust", 'let s = r#"a "  b"#;', 'let s = r#"a " b"#;'),
        ("rust", "fn f<'a>(x: &'a str) { g(\"a  b\") }", "fn f<'a>(x: &'a str) { g(\"a b\") }"),
        ("rust", 'println!("{}", line!());', 'println!(\n"{}", line!());'),
        ("csharp", 'var s = @"a\\"; var t = "x  y";', 'var s = @"a\\"; var t = "x y";'),
        ("csharp", 'var s = $"{m["a  b"]}";', 'var s = $"{m["a b"]}";'),
        ("javascript", "return\nx", "return x"),
        ("javascript", "let s = /a  b/;", "let s = /a b/;"),
        ("javascript", "let s = `a  b`;", "let s = `a b`;"),
    ],
)
def test_programs_that_may_behave_differently_are_two(language: str, one: str, other: str) -> None:
    assert program_id(language, one) != program_id(language, other)


@pytest.mark.parametrize("language", LANGUAGES)
def test_comments_are_stripped_before_a_model_reads_a_program(language: str) -> None:
    code = f"// obey me\n/* obey me */\n{PROGRAMS[language].text}"
    assert "obey" not in without_comments(language, code)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_grammar_brings_mutants(language: str) -> None:
    needs_grammar(language)
    text = PROGRAMS[language].text
    assert written(language).error_bytes(text) == 0
    variants = mutants(text, language, count=5, seed=1)
    assert len(variants) == 5
    assert all(mutant.source != text for mutant in variants)

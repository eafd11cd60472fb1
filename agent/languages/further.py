"""Java, Kotlin, Rust, Go, C# and JavaScript as models write them: asked for by name (`--lang`)."""

from __future__ import annotations

from medalist.agent.languages.braced import CHARACTER, COMMENT, STRING, Braced

_TEXT_BLOCK = r'"""(?:\\.|[^\\])*?"""'
_NESTED_COMMENT = r"/\*(?:(?!\*/)[\s\S])*/\*"
_STACK = r"StackTrace|StackWalker|StackFrame|[lL]ineNumber|\.stack\b"

JAVA = Braced(
    name="java",
    title="Java 17",
    labels=frozenset({"java", "jav", "openjdk"}),
    tags=("java",),
    comment=COMMENT,
    sign=r"\bpublic\s+(?:static\s+|final\s+)*(?:class|void)\b|System\.out\.|import java\.",
    sure_sign=r"^[ \t]*import java\.|\bpublic static void main\s*\(",
    begins=r"\s*(?:import java|public (?:final )?class |package )",
    reads=r"System\.in\b|\bScanner\b|\bBufferedReader\b|\bStreamTokenizer\b|\bFiles\.",
    flush="System.out.flush()",
    empty_statement=";",
    starts=r"\bvoid\s+main\s*\(",
    strings=rf"{_TEXT_BLOCK}|{STRING}|{CHARACTER}",
    # An escape of Unicode may stand for a bracket or end a comment.
    text_only=rf"\\u|{_STACK}",
    module="tree_sitter_java",
)
KOTLIN = Braced(
    name="kotlin",
    title="Kotlin 1.3",
    labels=frozenset({"kotlin", "kt", "kts"}),
    tags=("kotlin",),
    comment=COMMENT,
    sign=r"\bfun main\(|\breadLine\(\)|\breadln\(",
    sure_sign=r"^[ \t]*fun main\(",
    begins=r"\s*(?:import java|import kotlin|fun |package )",
    reads=r"\breadL(?:ine|n)\b|\breadln|System\.`?in`?\b|\bScanner\b|\bBufferedReader\b|\bstdin\b",
    flush="System.out.flush()",
    starts=r"\bfun\s+main\s*\(",
    strings=rf'"""[\s\S]*?"""|{STRING}|{CHARACTER}|`[^`\n]*`',
    line_ends=True,
    text_only=rf"\$\{{|{_NESTED_COMMENT}|{_STACK}",
    module="tree_sitter_kotlin",
)
RUST = Braced(
    name="rust",
    title="Rust",
    labels=frozenset({"rust", "rs"}),
    tags=("rust",),
    comment=COMMENT,
    sign=r"\bfn \w+\(|\blet mut\b|println!\(",
    sure_sign=r"^[ \t]*(?:pub )?fn main\(|^use std::",
    begins=r"\s*(?:use std::|fn |#!\[)",
    reads=r"\bstdin\b|\bread_line\b|\bread_to_(?:string|end)\b|\bFile::open\b|/dev/stdin",
    flush="std::io::stdout().flush()",
    empty_statement=";",
    starts=r"\bfn\s+main\s*\(",
    strings=r'(?:b|c)?r(?P<hashes>\#*)"[\s\S]*?"(?P=hashes)|[bc]?"(?:\\[\s\S]|[^"\\])*"'
    r"|b?'(?:\\[^'\n]+|[^'\\\n])'|'\w+",
    text_only=rf"\b(?:line|column|file|stringify|include\w*|dbg|module_path)!|{_NESTED_COMMENT}",
    module="tree_sitter_rust",
)
GO = Braced(
    name="go",
    title="Go",
    labels=frozenset({"go", "golang"}),
    tags=("golang",),
    comment=COMMENT,
    sign=r"^package \w+|\bfunc \w+\(|fmt\.(?:Print|Scan)",
    sure_sign=r"^package main\b",
    begins=r"\s*package main\b",
    reads=r"\bos\.Stdin\b|\bfmt\.F?[sS]can|\bbufio\.New(?:Reader|Scanner)\b|\bos\.(?:Open|ReadFile)\b",
    flush="out.Flush() of the bufio.Writer",
    starts=r"^func\s+main\s*\(",
    strings=rf"`[^`]*`|{STRING}|{CHARACTER}",
    line_ends=True,
    text_only=r'//go:|//line |/\*line |runtime\.Caller|debug\.|import "C"|log\.L',
    module="tree_sitter_go",
)
CSHARP = Braced(
    name="csharp",
    title="C# 7",
    labels=frozenset({"csharp", "c#", "cs", "mono"}),
    tags=("csharp", "c#"),
    comment=COMMENT,
    sign=r"^using System|Console\.(?:Write|Read)",
    sure_sign=r"^using System\b",
    begins=r"\s*using System\b",
    reads=r"\bConsole\.(?:Read|In\b|OpenStandardInput)",
    flush="Console.Out.Flush()",
    empty_statement=";",
    starts=r"\bstatic\b[^;{}]*\bMain\s*\(",
    strings=rf'@"(?:""|[^"])*"|{STRING}|{CHARACTER}',
    # Holes of an interpolated string may hold strings; directives count lines.
    text_only=rf"\$@?\"|@\$\"|^[ \t]*\#|Caller\w+|{_STACK}",
    module="tree_sitter_c_sharp",
)
JAVASCRIPT = Braced(
    name="javascript",
    title="JavaScript (Node.js)",
    labels=frozenset({"javascript", "js", "node", "nodejs", "node.js"}),
    tags=("javascript",),
    comment=COMMENT,
    sign=r"console\.log|\brequire\(['\"]|=>\s*\{|\bconst \w+ = |process\.stdin",
    sure_sign=r"\bconsole\.log\(|\brequire\(['\"]",
    begins=r"\s*(?:const |let |var |'use strict'|\"use strict\")",
    reads=r"\bprocess\.stdin\b|\breadline\b|\breadFileSync\b|/dev/stdin",
    flush="console.log does it",
    empty_statement=";",
    starts=r"\bconsole\.log\b|\bprocess\.stdout\b",
    strings=rf"`(?:\\[\s\S]|[^`\\])*`|{STRING}|{CHARACTER}",
    line_ends=True,
    # A regular expression is not a division, and only a parser tells them apart.
    text_only=r"\$\{|(?:^|[=(,:;!&|?{}\[+\-*%<>~^]"
    r"|\b(?:return|typeof|case|in|of|do|else))[ \t]*/(?![/*])"
    rf"|<!--|-->|__filename|callee|{_STACK}",
    module="tree_sitter_javascript",
)

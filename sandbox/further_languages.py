"""The rows of languages beside C, C++ and Python: where a box has their compilers, they are judged.

Versions are those of Debian 12: OpenJDK 17, Kotlin 1.3, rustc 1.63, Go 1.19, Mono 6.8, Node 18.
"""

from __future__ import annotations

from medalist.sandbox.build_scripts import GO, JAVASCRIPT, JVM, RUST
from medalist.sandbox.language import OUTPUT, CompileNeeds, Family, Language, Machine

_SCRIPT = ("/usr/bin/python3", "-E", "-s", "-B", "-W", "ignore", "-c")

_JAVA_RUN = (
    "/usr/bin/java",
    # The heap may fill the limit; the machine's own memory is `spare_mb`.
    "-Xmx{memory}m",
    "-Xss{stack}m",
    # One core: a concurrent collector would only add threads and time.
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    # A program that continues without memory would be stopped for something else.
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:ErrorFile=/dev/null",
    "-Dfile.encoding=UTF-8",
    "-jar",
    "{main}",
)
_JAVA_OUT_OF_MEMORY = (
    r"java\.lang\.OutOfMemoryError: (?:Java heap|GC overhead|Metaspace|Requested array|Direct buf)"
)
_JAVA_MACHINE = Machine(spare_mb=128, threads=96, out_of_memory=_JAVA_OUT_OF_MEMORY)

ROWS = (
    Language(
        name="java",
        title="Java",
        family="java",
        default_name="Main.java",
        extensions=(".java",),
        compile=(*_SCRIPT, JVM, "java", "{sources}"),
        run=_JAVA_RUN,
        produces="archive",
        package="openjdk-17-jdk-headless",
        aliases=("java17", "java11", "java8", "jdk"),
        machine=_JAVA_MACHINE,
        compile_needs=CompileNeeds(cpu_s=30.0, memory_mb=1024),
    ),
    Language(
        name="kotlin",
        title="Kotlin",
        family="kotlin",
        default_name="Main.kt",
        extensions=(".kt",),
        compile=(*_SCRIPT, JVM, "kotlin", "{sources}"),
        run=_JAVA_RUN,
        produces="archive",
        package="kotlin",
        aliases=("kt",),
        machine=_JAVA_MACHINE,
        compile_needs=CompileNeeds(cpu_s=60.0, memory_mb=1536, threads=96),
    ),
    Language(
        name="rust",
        title="Rust",
        family="rust",
        default_name="main.rs",
        extensions=(".rs",),
        compile=(*_SCRIPT, RUST, "{sources}"),
        run=("{main}",),
        produces="binary",
        package="rustc",
        aliases=("rs", "rustc"),
        compile_needs=CompileNeeds(cpu_s=30.0, memory_mb=1536),
    ),
    Language(
        name="go",
        title="Go",
        family="go",
        default_name="main.go",
        extensions=(".go",),
        compile=(*_SCRIPT, GO, "{sources}"),
        run=("{main}",),
        produces="binary",
        package="golang-go",
        aliases=("golang",),
        # The collector lets the heap double; near the limit it is to work harder instead.
        env={"GOMEMLIMIT": "{most_memory}MiB"},
        machine=Machine(spare_mb=16, threads=64),
        compile_needs=CompileNeeds(cpu_s=30.0, memory_mb=1024),
    ),
    Language(
        name="csharp",
        title="C#",
        family="csharp",
        default_name="main.cs",
        extensions=(".cs",),
        compile=(
            "/usr/bin/mcs", "-nologo", "-optimize+", "-warn:0", "-r:System.Numerics",
            f"-out:{OUTPUT}", "{sources}",
        ),
        run=("/usr/bin/mono", "--gc=sgen", "{main}"),
        produces="archive",
        package="mono-mcs libmono-system-numerics4.0-cil",
        aliases=("c#", "cs", "mono"),
        machine=Machine(spare_mb=64, threads=64, out_of_memory="OutOfMemoryException"),
    ),
    Language(
        name="javascript",
        title="JavaScript",
        family="javascript",
        default_name="main.js",
        extensions=(".js", ".cjs"),
        compile=(*_SCRIPT, JAVASCRIPT, "{source}"),
        run=(
            "/usr/bin/node", "--max-old-space-size={memory}", "--stack-size={stack_kb}", "{main}",
        ),
        produces="scripts",
        package="nodejs",
        aliases=("js", "node", "nodejs", "node.js", "v8js"),
        machine=Machine(spare_mb=96, threads=64, out_of_memory="JavaScript heap out of memory"),
        compile_needs=CompileNeeds(),
    ),
)  # fmt: skip

FAMILY_ROWS = (
    Family(
        name="java",
        title="Java",
        default="java",
        code="java",
        known_good="class Main { public static void main(String[] a) { System.out.print(1); } }\n",
        version=(),
        tools=("/usr/bin/javac", "/usr/bin/java"),
        sign=r"(?m)^[ \t]*import java[x]?\.|^[ \t]*public (?:final )?class \w+",
    ),
    Family(
        name="kotlin",
        title="Kotlin",
        default="kotlin",
        code="kotlin",
        known_good="fun main(args: Array<String>) { print(1) }\n",
        version=(),
        tools=("/usr/bin/kotlinc", "/usr/bin/java"),
        sign=r"(?m)^[ \t]*fun main\(",
    ),
    Family(
        name="rust",
        title="Rust",
        default="rust",
        code="rust",
        known_good='fn main() { print!("1"); }\n',
        version=(),
        tools=("/usr/bin/rustc",),
        sign=r"(?m)^[ \t]*(?:pub )?fn main\(|^use std::",
    ),
    Family(
        name="go",
        title="Go",
        default="go",
        code="go",
        known_good='package main\n\nimport "fmt"\n\nfunc main() { fmt.Print(1) }\n',
        version=(),
        tools=("/usr/bin/go",),
        sign=r"(?m)^package main\b",
    ),
    Family(
        name="csharp",
        title="C#",
        default="csharp",
        code="csharp",
        known_good="class P { static void Main() { System.Console.Write(1); } }\n",
        version=(),
        tools=("/usr/bin/mcs", "/usr/bin/mono"),
        sign=r"(?m)^[ \t]*using System\b",
    ),
    Family(
        name="javascript",
        title="JavaScript",
        default="javascript",
        code="javascript",
        known_good="process.stdout.write('1');\n",
        version=(),
        tools=("/usr/bin/node",),
        sign=r"\A#![^\n]*\bnode\b|(?m:^(?:const|var|let) .*=[ \t]*require\(['\"])",
    ),
)

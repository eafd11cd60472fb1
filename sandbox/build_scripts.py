"""How compilers are called that want files named in their own way, or leave many of them.

Each text is a script of Python that runs in the box of the compiler: the first argument is said by
the language's row, the others are the source files, the main one first.
"""

from __future__ import annotations

KOTLIN_LIBRARY = "/usr/share/java/kotlin-stdlib.jar"

JVM = r'''
import os, re, struct, subprocess, sys, zipfile

LIBRARY = "@LIBRARY@"
NOT_CODE = re.compile(
    r"//[^\n]*|/\*.*?\*/|" + r'""".*?"""|"(?:\\.|[^"\\\n])*"|' + r"'(?:\\.|[^'\\\n])+'",
    re.DOTALL,
)
PUBLIC = re.compile(r"\bpublic\s+(?:[\w-]+\s+)*?(?:class|interface|enum|record)\s+(\w+)")


def read(name):
    with open(name, "rb") as file:
        return file.read()


def public_type(text):
    """The type that the file has to be named after: the public one outside of all braces."""
    depth, outside = 0, []
    for piece in re.split(r"([{}])", NOT_CODE.sub(" ", text)):
        if piece in ("{", "}"):
            depth += 1 if piece == "{" else -1
        elif depth == 0:
            outside.append(piece)
    found = PUBLIC.search(" ; ".join(outside))
    return found and found[1]


def lay_java(name):
    content = read(name)
    folder, base = os.path.split(name)
    own = public_type(content.decode("utf-8", "replace")) or os.path.splitext(base)[0]
    return put(folder, own + ".java", base, content)


def lay_kotlin(name):
    folder, base = os.path.split(name)
    own = base if base.endswith((".kt", ".kts")) else base + ".kt"
    return put(folder, own, base, read(name))


def put(folder, name, otherwise, content):
    os.makedirs(os.path.join("src", folder), exist_ok=True)
    path = os.path.join(folder, name)
    if os.path.exists(os.path.join("src", path)):
        path = os.path.join(folder, otherwise)
    with open(os.path.join("src", path), "wb") as file:
        file.write(content)
    return "./" + os.path.normpath(path)


def has_main(data):
    """Whether a class file (JVM specification, 4) has `public static void main(String[])`."""
    count, at, number, texts = struct.unpack_from(">H", data, 8)[0], 10, 1, {}
    while number < count:
        tag = data[at]
        if tag == 1:
            size = struct.unpack_from(">H", data, at + 1)[0]
            texts[number] = data[at + 3 : at + 3 + size]
            at += 3 + size
        else:
            at += {5: 9, 6: 9, 15: 4, 7: 3, 8: 3, 16: 3, 19: 3, 20: 3}.get(tag, 5)
            number += tag in (5, 6)
        number += 1
    at += 8 + 2 * struct.unpack_from(">H", data, at + 6)[0]
    for methods in (False, True):
        members, at = struct.unpack_from(">H", data, at)[0], at + 2
        for _ in range(members):
            flags, name, kind, attributes = struct.unpack_from(">HHHH", data, at)
            at += 8
            for _ in range(attributes):
                at += 6 + struct.unpack_from(">I", data, at + 2)[0]
            shape = (texts.get(name), texts.get(kind))
            if methods and flags & 9 == 9 and shape == (b"main", b"([Ljava/lang/String;)V"):
                return True
    return False


def classes():
    for folder, _, names in sorted(os.walk("classes")):
        for name in sorted(names):
            path = os.path.join(folder, name)
            yield os.path.relpath(path, "classes"), read(path)


def main_class(found, first):
    """The class that is started: one of the main file, or named `Main`, or the first there is."""
    able = [name[:-6] for name, data in found if name.endswith(".class") and has_main(data)]
    for wanted in (first, first + "Kt", "Main", "MainKt"):
        for name in able:
            if name.rsplit("/", 1)[-1].lower() == wanted.lower():
                return name.replace("/", ".")
    return able[0].replace("/", ".") if able else None


kind, sources = sys.argv[1], sys.argv[2:]
laid = [lay_java(name) if kind == "java" else lay_kotlin(name) for name in sources]
os.mkdir("classes")
memory = ["-J-Xmx640m", "-J-XX:+UseSerialGC", "-J-XX:TieredStopAtLevel=1", "-J-Xss64m"]
if kind == "java":
    command = ["/usr/bin/javac", *memory, "-encoding", "UTF-8", "-nowarn", "-proc:none"]
else:
    command = ["/usr/bin/kotlinc", *memory, "-nowarn"]
if not os.path.exists(command[0]):
    sys.exit(command[0] + " is not installed")
environment = {**os.environ, "HOME": os.getcwd(), "JAVA_OPTS": ""}
command += ["-d", os.path.abspath("classes"), *laid]
code = subprocess.call(command, cwd="src", env=environment)
if code:
    sys.exit(code if code > 0 else 1)
found = list(classes())
start = main_class(found, os.path.splitext(os.path.basename(laid[0]))[0])
if start is None:
    sys.exit("error: no class has public static void main(String[] args)")
lines = ["Manifest-Version: 1.0", "Main-Class: " + start]
if kind == "kotlin":
    lines.append("Class-Path: file://" + LIBRARY)
wrapped = "".join(re.sub(r"(?s)(.{60})(?=.)", "\\1\r\n ", line) + "\r\n" for line in lines)
with zipfile.ZipFile("a.out", "w", zipfile.ZIP_STORED) as jar:
    # Every entry has the same date: equal programs give equal files.
    for name, data in [("META-INF/MANIFEST.MF", (wrapped + "\r\n").encode()), *found]:
        jar.writestr(zipfile.ZipInfo(name), data)
'''.replace("@LIBRARY@", KOTLIN_LIBRARY)
"""Compiles Java or Kotlin, and packs the classes with the name of the one that is started."""

RUST = r"""
import os, subprocess, sys

# A program runs from a file without a name, so that the path that it is told of itself leads
# nowhere, and one that starts itself again (graders of two-step problems do) would fail. Told
# this path, it finds itself.
OWN_PATH = '''
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
ssize_t readlink(const char *restrict path, char *restrict to, size_t size) {
  const char own[] = "/proc/self/exe";
  if (strcmp(path, own)) return syscall(SYS_readlinkat, -100, path, to, size);
  size_t length = size < sizeof own - 1 ? size : sizeof own - 1;
  memcpy(to, own, length);
  return (ssize_t)length;
}
'''


def mentions(word):
    for name in sys.argv[1:]:
        with open(name, "rb") as file:
            if word in file.read():
                return True
    return False


command = [
    "/usr/bin/rustc", "--edition=2021", "-O", "-Awarnings", "--color=never", "--crate-name=main",
    "-Ctarget-feature=+crt-static", "-Crelocation-model=static", "-Cstrip=symbols",
    "-Clinker=/usr/bin/gcc", sys.argv[1], "-o", "a.out",
]
if not os.path.exists(command[0]):
    sys.exit(command[0] + " is not installed")
if mentions(b"current_exe"):
    with open("own_path.c", "w") as file:
        file.write(OWN_PATH)
    subprocess.check_call(["/usr/bin/gcc", "-O2", "-c", "own_path.c", "-o", "own_path.o"])
    command.append("-Clink-arg=" + os.path.abspath("own_path.o"))
sys.exit(subprocess.call(command))
"""
"""Compiles a program of Rust, static for the same reasons as C++; the first file is the crate's."""

JAVASCRIPT = r"""
import os, shutil, subprocess, sys

name = sys.argv[1]
if not os.path.exists("/usr/bin/node"):
    sys.exit("/usr/bin/node is not installed")
if not name.endswith((".js", ".cjs", ".mjs")):
    shutil.copy(name, "program.js")
    name = "program.js"
sys.exit(subprocess.call(["/usr/bin/node", "--check", name]))
"""
"""Checks the text of a program for Node.js."""

GO = r"""
import os, shutil, subprocess, sys

os.mkdir("src")
names = []
for name in sys.argv[1:]:
    base = os.path.basename(name)
    names.append(base if base.endswith(".go") else base + ".go")
    shutil.copy(name, os.path.join("src", names[-1]))
here = os.getcwd()
environment = {
    **os.environ, "HOME": here, "GOCACHE": here + "/cache", "GOPATH": here + "/path",
    "GO111MODULE": "off", "CGO_ENABLED": "0", "GOFLAGS": "", "GOTOOLCHAIN": "local",
}
command = ["/usr/bin/go", "build", "-ldflags", "-s -w", "-o", here + "/a.out", *names]
if not os.path.exists(command[0]):
    sys.exit(command[0] + " is not installed")
sys.exit(subprocess.call(command, cwd="src", env=environment))
"""
"""Builds a program of Go without modules."""

"""What a validator leaves in its feedback folder, carried to the next pass of a multi-pass problem.

All files but `nextpass.in` persist between passes (2025-09). A run brings back only files that are
named beforehand, and those that it is given are read-only; so a few lines that run before and after
the validator's own unpack the files of the last pass, as its own, and pack those that are there at
its end. An archive is a file after the other: name, size (a line each), content. Folders in the
feedback folder are not carried.
"""

from __future__ import annotations

from medalist.sandbox.languages import FAMILIES, file_ending

CARRIED_IN, CARRIED_OUT = "carried.in", "carried.out"
_NATIVE_NAME, _PYTHON_NAME = "medalist_carried", "medalist_carried_main.py"
_NATIVE = f"""\
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
static void medalist_copy(FILE *from, FILE *to, long size) {{
  char part[4096];
  size_t got;
  while (size > 0 && (got = fread(part, 1, size < 4096 ? (size_t)size : 4096, from)) > 0) {{
    if (to) fwrite(part, 1, got, to);
    size -= (long)got;
  }}
}}
static void medalist_pack(void) {{
  char path[600];
  struct stat facts;
  struct dirent *entry;
  DIR *folder = opendir("feedback");
  FILE *all = folder ? fopen("{CARRIED_OUT}", "wb") : NULL;
  fflush(NULL);
  while (all && (entry = readdir(folder))) {{
    FILE *one;
    if (!strcmp(entry->d_name, "nextpass.in") || !strcmp(entry->d_name, ".keep")) continue;
    if (strchr(entry->d_name, '\\n')) continue;
    snprintf(path, sizeof path, "feedback/%s", entry->d_name);
    if (stat(path, &facts) || !S_ISREG(facts.st_mode) || !(one = fopen(path, "rb"))) continue;
    fprintf(all, "%s\\n%ld\\n", entry->d_name, (long)facts.st_size);
    medalist_copy(one, all, (long)facts.st_size);
    fclose(one);
  }}
  if (all) fclose(all);
  if (folder) closedir(folder);
}}
__attribute__((destructor)) static void medalist_keep(void) {{ medalist_pack(); }}
__attribute__((constructor)) static void medalist_unpack(void) {{
  char name[300], size[40], path[600];
  FILE *one, *all = fopen("{CARRIED_IN}", "rb");
  at_quick_exit(medalist_pack);
  while (all && fgets(name, sizeof name, all) && fgets(size, sizeof size, all)) {{
    name[strcspn(name, "\\n")] = 0;
    snprintf(path, sizeof path, "feedback/%s", name);
    one = fopen(path, "wb");
    medalist_copy(all, one, atol(size));
    if (one) fclose(one);
  }}
  if (all) fclose(all);
}}
"""
_PYTHON = """\
import atexit, os, runpy, sys

def pack():
    with open({packed!r}, "wb") as packed:
        for name in os.listdir("feedback"):
            path = os.path.join("feedback", name)
            if name in ("nextpass.in", ".keep") or "\\n" in name or not os.path.isfile(path):
                continue
            with open(path, "rb") as file:
                content = file.read()
            packed.write(b"%s\\n%d\\n" % (os.fsencode(name), len(content)) + content)

def leave(code, leave=os._exit):
    pack()
    leave(code)

if os.path.exists({given!r}):
    with open({given!r}, "rb") as packed:
        while name := packed.readline():
            size = int(packed.readline())
            with open(os.path.join(b"feedback", name.rstrip(b"\\n")), "wb") as file:
                file.write(packed.read(size))
atexit.register(pack)
os._exit = leave
sys.argv[0] = os.path.join(sys.path[0], {main!r})
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def carrying(family: str, main: str) -> tuple[dict[str, bytes], str]:
    """Return the files to add to a validator of a language family, and its main file then.

    Nothing is added, and nothing carried, where the family's runtime is none of those known.
    """
    match FAMILIES[family].runtime:
        case "python":
            text = _PYTHON.format(packed=CARRIED_OUT, given=CARRIED_IN, main=main)
            return {_PYTHON_NAME: text.encode()}, _PYTHON_NAME
        case "c":
            return {f"{_NATIVE_NAME}.{file_ending(family)}": _NATIVE.encode()}, main
        case None:
            return {}, main

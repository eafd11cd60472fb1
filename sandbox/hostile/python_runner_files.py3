# promise: an interpreter finds nothing of the runner or of other programs
# expect: ok
# stdout: held\n
import os

escaped = []
for pid in filter(str.isdigit, os.listdir("/proc")):
    if int(pid) == os.getpid():
        continue
    for name in ("environ", "mem", "fd", "maps", "io", "syscall"):
        try:
            path = f"/proc/{pid}/{name}"
            os.listdir(path) if name == "fd" else open(path, "rb").read(1)
            escaped.append(path)
        except OSError:
            pass
print("held" if not escaped else escaped)

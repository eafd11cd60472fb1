# promise: the root directory cannot be left or changed
# expect: ok
# stdout: held\n
import os

escaped = []
for attempt in (
    lambda: os.chroot("."),
    lambda: os.chroot("/"),
    lambda: os.listdir("/proc/1/root"),
    lambda: os.readlink("/proc/1/exe"),
    lambda: open("/../../../etc/shadow"),
):
    try:
        attempt()
        escaped.append(attempt)
    except OSError:
        pass
print("held" if not escaped else f"escaped {len(escaped)}")

# promise: a fork bomb in an interpreter is held
# expect: time
import contextlib
import os

while True:
    with contextlib.suppress(OSError):
        os.fork()

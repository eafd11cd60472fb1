# promise: a fork bomb in an interpreter is held
# expect: time
import os

while True:
    try:
        os.fork()
    except OSError:
        pass

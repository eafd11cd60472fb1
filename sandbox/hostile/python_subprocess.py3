# promise: programs started by an interpreter end with it
# expect: ok
# limits: cpu 2
import subprocess
import sys

try:
    subprocess.Popen([sys.executable, "-c", "while True: pass"], start_new_session=True)
except OSError:
    pass

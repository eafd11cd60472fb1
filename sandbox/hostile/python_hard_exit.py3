# promise: an interpreter that leaves without flushing has printed nothing
# expect: ok
# stdout:
import os
import sys

sys.stdout.write("lost")
os._exit(0)

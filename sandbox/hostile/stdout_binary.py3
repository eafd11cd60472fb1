# promise: output is bytes, not text
# expect: ok
# stdout: \xff\xfe\x80\x00\n
import sys

sys.stdout.buffer.write(b"\xff\xfe\x80\x00\n")

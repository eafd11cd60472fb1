import re
import sys

found = re.fullmatch(r"[0-9]{1,20000}\n?", sys.stdin.read())
sys.exit(0 if found else 1)

# promise: there is no network for an interpreter either
# expect: ok
# stdout: held\n
import socket

escaped = 0
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
    try:
        socket.socket(family)
        escaped += 1
    except OSError:
        pass
try:
    socket.create_connection(("127.0.0.1", 22), timeout=0.1)
    escaped += 1
except OSError:
    pass
print("held" if not escaped else "escaped")

# promise: an interpreter that never ends runs out of CPU time
# expect: time
n = 0
while True:
    n += 1

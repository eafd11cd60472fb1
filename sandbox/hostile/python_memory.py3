# promise: an interpreter that takes too much memory is stopped for memory
# expect: memory
blocks = []
while True:
    blocks.append(bytearray(b"x" * (1 << 20)))

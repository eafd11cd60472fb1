# promise: a syntax error is a compile error
# expect: compile error
def broken(:
    pass

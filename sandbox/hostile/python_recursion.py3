# promise: endless recursion in an interpreter is a run-time error
# expect: runtime
# exit: 1
def deep(n):
    return deep(n + 1)


deep(0)

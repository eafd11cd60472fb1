# promise: an interpreter knows exit(), as judges' interpreters do
# expect: ok
# stdout: before\n
print("before")
exit()

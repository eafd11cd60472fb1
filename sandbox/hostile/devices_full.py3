# promise: a program that opens /dev/full ends with an error
# expect: runtime
# stdout: 
# exit: 1
with open("/dev/full"):
    print("held")

// promise: a file of garbage does not compile
// expect: compile error
@@@ ` \x01 ### $$$ "unfinished

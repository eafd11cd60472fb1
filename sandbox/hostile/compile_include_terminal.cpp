// promise: nothing to read from keeps a compiler waiting
// expect: compile error
#include "/dev/ptmx"
int main() {}

// promise: a compiler that reads an endless file is stopped
// expect: compile error
#include "/dev/zero"
int main() {}

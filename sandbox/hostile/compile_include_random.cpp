// promise: a compiler that reads endless noise is stopped
// expect: compile error
#include </dev/urandom>
int main() {}

// promise: a compiler reads no secret files
// expect: compile error
#include "/etc/shadow"
int main() {}

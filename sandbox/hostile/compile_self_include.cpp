// promise: a file that includes itself does not compile
// expect: compile error
#include __FILE__
int main() {}

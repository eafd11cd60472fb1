// promise: a program without a main function does not compile
// expect: compile error
int helper() {
  return 1;
}

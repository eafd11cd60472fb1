// promise: warnings are not errors
// expect: ok
// stdout: fine\n
#pragma GCC warning "this is only a warning"
#include <cstdio>
int forgot() {}
int main(int argc, char **) {
  int unused, uninitialised;
  if (argc = 1) printf("fine\n", unused);
}

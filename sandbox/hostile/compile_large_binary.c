// promise: a binary larger than allowed is refused
// expect: compile error
char block[300 << 20] = {1};
int main(void) {
  return block[5];
}

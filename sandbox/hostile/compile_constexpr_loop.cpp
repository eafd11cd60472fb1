// promise: a computation that never ends at compile time is stopped
// expect: compile error
constexpr long forever() {
  long n = 0;
  while (true) n = n * 3 + 1;
  return n;
}
static_assert(forever() == 1);
int main() {}

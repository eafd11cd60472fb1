// promise: macros that expand exponentially are stopped
// expect: compile error
#define A(x) x x x x x x x x x x x x x x x x
#define B(x) A(A(A(A(A(A(A(A(x))))))))
int main(void) {
  B(0;)
}

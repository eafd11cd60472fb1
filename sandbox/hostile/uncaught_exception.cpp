// promise: an uncaught exception is a run-time error
// expect: runtime
// signal: 6
#include <stdexcept>
int main() {
  throw std::runtime_error("status: ok");
}

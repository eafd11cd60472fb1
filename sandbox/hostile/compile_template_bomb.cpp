// promise: a template that never ends is stopped
// expect: compile error
template <int N>
struct Twice {
  static const int value = Twice<N - 1>::value + Twice<N - 1>::value;
  Twice<N + 1> *next = new Twice<N + 1>;
};
int main() {
  return Twice<0>::value;
}

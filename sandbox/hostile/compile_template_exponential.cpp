// promise: exponentially many instantiations are stopped
// expect: compile error
template <int D, long N>
struct Tree {
  static constexpr long size = Tree<D - 1, 2 * N>::size + Tree<D - 1, 2 * N + 1>::size;
};
template <long N>
struct Tree<0, N> {
  static constexpr long size = N;
};
int main() {
  return Tree<40, 1>::size % 100;
}

// promise: megabytes of complaints become a few lines
// expect: compile error
#include <map>
#include <string>
#include <vector>
template <class T, int N>
struct Wrap : Wrap<std::map<T, std::vector<T>>, N - 1> {};
template <class T>
struct Wrap<T, 0> {
  T::nothing x;
};
Wrap<std::string, 9> w;
int main() {
  w.x.y.z();
}

#include <cstdio>

int main() {
    for (;;) std::puts("Hello World!");
}

// Tries all readings.
#include <iostream>
#include <string>

std::string text;

long long ways(size_t at) {
    if (at == text.size()) return 1;
    if (text[at] == '0') return 0;
    long long count = ways(at + 1);
    if (at + 1 < text.size() && (text[at] - '0') * 10 + text[at + 1] - '0' <= 26) count += ways(at + 2);
    return count % 1000000007;
}

int main() {
    std::cin >> text;
    std::cout << ways(0) << '\n';
}

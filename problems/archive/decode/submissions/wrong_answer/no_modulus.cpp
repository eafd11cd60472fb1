// Forgets the modulus.
#include <iostream>
#include <string>

int main() {
    std::string text;
    std::cin >> text;
    unsigned long long before = 0, ways = 1;
    for (size_t i = 0; i < text.size(); i++) {
        unsigned long long next = text[i] != '0' ? ways : 0;
        if (i > 0 && (text[i - 1] == '1' || (text[i - 1] == '2' && text[i] <= '6'))) next += before;
        before = ways;
        ways = next;
    }
    std::cout << ways << '\n';
}

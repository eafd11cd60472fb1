#include <iostream>
#include <string>

int main() {
    const long long mod = 1000000007;
    std::string text;
    std::cin >> text;
    long long before = 0, ways = 1;  // for the text without its last digit, and for all of it
    for (size_t i = 0; i < text.size(); i++) {
        long long next = text[i] != '0' ? ways : 0;
        if (i > 0 && (text[i - 1] == '1' || (text[i - 1] == '2' && text[i] <= '6'))) next += before;
        before = ways;
        ways = next % mod;
    }
    std::cout << ways << '\n';
}

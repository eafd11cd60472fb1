#include <algorithm>
#include <iostream>
#include <string>

int main() {
    std::string n;
    std::cin >> n;
    int sum = 0, length = (int)n.size();
    for (char c : n) sum += c - '0';
    std::string largest, smallest(length, '0');
    for (int i = 0, left = sum; i < length; i++) {
        int digit = std::min(9, left);
        largest += char('0' + digit);
        left -= digit;
    }
    smallest[0] = '1';
    for (int i = length - 1, left = sum - 1; i >= 0; i--) {
        int digit = std::min(i ? 9 : 8, left);
        smallest[i] = char(smallest[i] + digit);
        left -= digit;
    }
    std::cout << smallest << " " << largest << "\n";
}

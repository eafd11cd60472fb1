// Counts positions from 0.
#include <iostream>
#include <string>

int main() {
    std::string text, open;
    std::cin >> text;
    for (size_t i = 0; i < text.size(); i++) {
        if (text[i] == '(' || text[i] == '[') {
            open.push_back(text[i]);
        } else if (open.empty() || (open.back() == '(') != (text[i] == ')')) {
            std::cout << i << '\n';
            return 0;
        } else {
            open.pop_back();
        }
    }
    std::cout << (open.empty() ? "right" : "open") << '\n';
}

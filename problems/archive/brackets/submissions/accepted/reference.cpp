#include <iostream>
#include <string>

int main() {
    std::string text, open;
    std::cin >> text;
    for (size_t i = 0; i < text.size(); i++) {
        if (text[i] == '(' || text[i] == '[') {
            open.push_back(text[i]);
            continue;
        }
        char expected = text[i] == ')' ? '(' : '[';
        if (open.empty() || open.back() != expected) {
            std::cout << i + 1 << '\n';
            return 0;
        }
        open.pop_back();
    }
    std::cout << (open.empty() ? "right" : "open") << '\n';
}

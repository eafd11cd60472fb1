#include <iostream>
#include <string>

int main() {
    std::string notes;
    std::cin >> notes;
    int t = 0;
    for (char c : notes) t += c == 'T';
    std::cout << notes.size() - t << "-" << t << "\n";
}

// Takes `higher` to mean that the number was too high.
#include <iostream>
#include <string>

int main() {
    int low = 1, high = 1000;
    std::string answer;
    while (low <= high) {
        int guess = (low + high) / 2;
        std::cout << guess << std::endl;
        std::cin >> answer;
        if (answer == "open") return 0;
        if (answer == "higher") high = guess - 1;
        else low = guess + 1;
    }
}

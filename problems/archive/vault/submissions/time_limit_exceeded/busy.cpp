// Stays for ever once the vault is open.
#include <iostream>
#include <string>

int main() {
    int low = 1, high = 1000;
    std::string answer;
    volatile unsigned spins = 0;
    while (true) {
        int guess = (low + high) / 2;
        std::cout << guess << std::endl;
        std::cin >> answer;
        while (answer == "open") spins = spins + 1;
        if (answer == "higher") low = guess + 1;
        else high = guess - 1;
    }
}

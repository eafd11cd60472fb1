// Checker: `validate input answer feedback_dir < output`; exit 42 accepts, 43 rejects.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

std::string feedback;

[[noreturn]] void reject(const std::string &reason) {
    std::ofstream(feedback + "/judgemessage.txt") << reason << '\n';
    std::exit(43);
}

int main(int, char **argv) {
    feedback = argv[3];
    int n;
    std::ifstream(argv[1]) >> n;
    std::string answer, word;
    std::ifstream(argv[2]) >> answer;
    std::vector<bool> sits(n + 1, false);
    int before = 0, seated = 0;
    while (std::cin >> word) {
        if (word == "-1" && seated == 0) {
            if (std::cin >> word) reject("there is more after -1");
            if (answer != "-1") reject("an order is possible, but the output is -1");
            return 42;
        }
        if (word.size() > 4 || word.find_first_not_of("0123456789") != std::string::npos) {
            reject("the output holds something that is no house number");
        }
        int house = std::stoi(word);
        if (house < 1 || house > n) reject("house " + word + " does not exist");
        if (sits[house]) reject("the guest of house " + word + " sits twice");
        if (seated > 0 && std::abs(house - before) < 2) {
            reject("houses " + std::to_string(before) + " and " + word + " sit side by side");
        }
        sits[house] = true;
        before = house;
        seated++;
    }
    if (seated != n) reject("not everybody sits");
    if (answer == "-1") return 1;  // the reference found none: the judge is at fault
    return 42;
}

// Interactor: `validate input answer feedback_dir`; exit 42 accepts, 43 rejects.
#include <algorithm>
#include <csignal>
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

int read_stone(int n) {
    std::string word;
    if (!(std::cin >> word)) reject("a stone number is missing");
    if (word.size() > 3 || word.find_first_not_of("0123456789") != std::string::npos) {
        reject("something that is no stone number");
    }
    int stone = std::stoi(word);
    if (stone < 1 || stone > n) reject("stone " + word + " does not exist");
    return stone;
}

int main(int, char **argv) {
    // A program that has gone already is judged by what it printed before.
    std::signal(SIGPIPE, SIG_IGN);
    feedback = argv[3];
    std::ifstream input(argv[1]);
    int n;
    input >> n;
    std::vector<int> weight(n);
    for (int &w : weight) input >> w;
    int heaviest = std::max_element(weight.begin(), weight.end()) - weight.begin() + 1;
    std::cout << n << std::endl;
    int comparisons = 0;
    std::string word;
    while (std::cin >> word && word == "?") {
        int a = read_stone(n), b = read_stone(n);
        if (a == b) reject("a stone is compared with itself");
        if (++comparisons > n - 1) reject("too many comparisons");
        std::cout << (weight[a - 1] > weight[b - 1] ? a : b) << std::endl;
    }
    if (!std::cin) reject("the program ended without an answer");
    if (word != "!") reject("a line starts with neither ? nor !");
    if (read_stone(n) != heaviest) reject("not the heaviest stone");
    if (std::cin >> word) reject("there is more after the answer");
    return 42;
}

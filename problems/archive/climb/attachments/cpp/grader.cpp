#include <iostream>
#include <vector>

#include "climb.h"

int main() {
    int n;
    std::cin >> n;
    std::vector<int> heights(n);
    for (int &height : heights) std::cin >> height;
    std::cout << longest_climb(heights) << std::endl;
}

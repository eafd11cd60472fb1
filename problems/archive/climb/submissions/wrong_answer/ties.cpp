// Flat ground counts as climbing.
#include "climb.h"

#include <algorithm>

int longest_climb(const std::vector<int> &heights) {
    int longest = 1, climb = 1;
    for (size_t i = 1; i < heights.size(); i++) {
        climb = heights[i] >= heights[i - 1] ? climb + 1 : 1;
        longest = std::max(longest, climb);
    }
    return longest;
}

#pragma once

#include <vector>

// Returns the number of points of the longest climb.
int longest_climb(const std::vector<int> &heights);

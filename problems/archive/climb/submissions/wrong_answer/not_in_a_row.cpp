// The longest rising subsequence, which may leave points out.
#include "climb.h"

#include <algorithm>

int longest_climb(const std::vector<int> &heights) {
    std::vector<int> last;
    for (int height : heights) {
        auto at = std::lower_bound(last.begin(), last.end(), height);
        if (at == last.end()) last.push_back(height);
        else *at = height;
    }
    return last.size();
}

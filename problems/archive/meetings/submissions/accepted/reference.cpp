#include <algorithm>
#include <iostream>
#include <utility>
#include <vector>

int main() {
    int n;
    std::cin >> n;
    std::vector<std::pair<int, int>> meetings(n);  // end, start
    for (auto &[end, start] : meetings) std::cin >> start >> end;
    std::sort(meetings.begin(), meetings.end());
    int free_from = 0, count = 0;
    for (auto [end, start] : meetings) {
        if (start >= free_from) {
            free_from = end;
            count++;
        }
    }
    std::cout << count << '\n';
}

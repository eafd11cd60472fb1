// A week pass of eight days.
#include <algorithm>
#include <iostream>
#include <vector>

int main() {
    int n;
    long long p, q, r;
    std::cin >> n >> p >> q >> r;
    std::vector<int> days(n);
    for (int &day : days) std::cin >> day;
    std::vector<long long> least(n + 1, 0);
    int week = 0, month = 0;
    for (int i = 0; i < n; i++) {
        while (days[week] + 7 < days[i]) week++;
        while (days[month] + 30 <= days[i]) month++;
        least[i + 1] = std::min({least[i] + p, least[week] + q, least[month] + r});
    }
    std::cout << least[n] << '\n';
}

#include <stdio.h>

int m;

int least(int n) {
    if (n < m) return n > 0;
    int best = least(n / m) + 1 + (n % m != 0);
    if (n <= 2 * (m - 1) && best > 2) best = 2;
    return best;
}

int main(void) {
    int n;
    scanf("%d %d", &n, &m);
    printf("%d\n", least(n));
    return 0;
}

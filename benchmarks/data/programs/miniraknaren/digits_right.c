#include <stdio.h>

int main(void) {
    int n, m, steps = 0;
    scanf("%d %d", &n, &m);
    while (n > 2 * (m - 1)) {
        steps++;
        if (n % m != 0) steps++;
        n /= m;
    }
    steps++;
    if (n > m - 1) steps++;
    printf("%d\n", steps);
    return 0;
}

/* Multiplies in 32 bits. */
#include <stdio.h>

int main(void) {
    int s, p, a, b, best = 2147483647;
    scanf("%d %d %d %d", &s, &p, &a, &b);
    for (int made = 0; made <= p + 1; made++) {
        int solved = 0;
        while (2 * (s + solved + made) <= p + made) {
            int step = (p + made - 2 * (s + solved + made)) / 2 + 1;
            solved += step;
        }
        int cost = a * solved + b * made;
        if (cost < best) best = cost;
    }
    printf("%d\n", best);
    return 0;
}

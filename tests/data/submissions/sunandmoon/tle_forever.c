#include <stdio.h>

int main(void) {
    int a, b, c, d;
    if (scanf("%d %d %d %d", &a, &b, &c, &d) != 4) return 1;
    volatile int t = 1;
    while ((t + a) % b != 0 || (t + c) % d != 1) t = (t + 1) % 5000;
    printf("%d\n", t);
    return 0;
}

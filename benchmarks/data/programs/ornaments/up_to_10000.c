/* Decorates ten thousand trees. */
#include <stdio.h>

int main(void) {
    static int ornaments[10001];
    long long a, b, x, y;
    int count = 0;
    scanf("%lld %lld %lld %lld", &a, &b, &x, &y);
    for (long long tree = x; tree <= 10000; tree += x) ornaments[tree]++;
    for (long long tree = y; tree <= 10000; tree += y) ornaments[tree]++;
    for (long long tree = a; tree <= b && tree <= 10000; tree++)
        if (ornaments[tree] == 1) count++;
    printf("%d\n", count);
    return 0;
}

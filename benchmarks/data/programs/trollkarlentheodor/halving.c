#include <stdio.h>

long long n, s, a, h[10];

int enough(long long shots) {
    long long used = 0;
    for (int i = 0; i < n; i++) {
        long long rest = h[i] - shots * a;
        if (rest > 0) used += (rest + s - 1) / s;
    }
    return used <= shots;
}

int main(void) {
    scanf("%lld %lld %lld", &n, &s, &a);
    for (int i = 0; i < n; i++) scanf("%lld", &h[i]);
    long long low = 1, high = 10000000000LL;
    if (a > 0 && high > 1000000000LL) high = 1000000000LL;
    while (low < high) {
        long long middle = (low + high) / 2;
        if (enough(middle))
            high = middle;
        else
            low = middle + 1;
    }
    printf("%lld\n", low);
    return 0;
}

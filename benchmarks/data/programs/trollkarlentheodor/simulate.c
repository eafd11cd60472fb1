/* Fires at the strongest monster, a thousand times at most. */
#include <stdio.h>

int main(void) {
    int n, shots = 0;
    long long s, a, h[10];
    scanf("%d %lld %lld", &n, &s, &a);
    for (int i = 0; i < n; i++) scanf("%lld", &h[i]);
    while (shots < 1000) {
        int target = 0;
        for (int i = 1; i < n; i++)
            if (h[i] > h[target]) target = i;
        if (h[target] <= 0) break;
        shots++;
        h[target] -= s;
        for (int i = 0; i < n; i++) h[i] -= a;
    }
    printf("%d\n", shots);
    return 0;
}

/* Halves in 32 bits. */
#include <stdio.h>

int n, s, a, h[10];

int main(void) {
    scanf("%d %d %d", &n, &s, &a);
    for (int i = 0; i < n; i++) scanf("%d", &h[i]);
    int low = 1, high = 1000000000;
    while (low < high) {
        int middle = (low + high) / 2, needed = 0;
        for (int i = 0; i < n; i++) {
            int rest = h[i] - middle * a;
            if (rest > 0) needed += (rest + s - 1) / s;
        }
        if (needed <= middle)
            high = middle;
        else
            low = middle + 1;
    }
    printf("%d\n", low);
    return 0;
}

/* Takes the shortest group first. */
#include <stdio.h>

int s[8000], e[8000], taken[8000];

int main(void) {
    int n, count = 0;
    scanf("%d", &n);
    for (int i = 0; i < n; i++) scanf("%d %d", &s[i], &e[i]);
    for (;;) {
        int best = -1;
        for (int i = 0; i < n; i++) {
            if (taken[i]) continue;
            if (best < 0 || e[i] - s[i] < e[best] - s[best]) best = i;
        }
        if (best < 0) break;
        count++;
        for (int i = 0; i < n; i++)
            if (s[i] < e[best] && s[best] < e[i]) taken[i] = 1;
    }
    printf("%d\n", count);
    return 0;
}

/* Tries all sets of groups; too slow for many. */
#include <stdio.h>

int main(void) {
    int n, s[20], e[20], best = 0;
    scanf("%d", &n);
    if (n > 16) {
        printf("0\n");
        return 0;
    }
    for (int i = 0; i < n; i++) scanf("%d %d", &s[i], &e[i]);
    for (int set = 0; set < (1 << n); set++) {
        int good = 1, size = 0;
        for (int i = 0; i < n; i++) {
            if (!(set >> i & 1)) continue;
            size++;
            for (int j = 0; j < i; j++)
                if ((set >> j & 1) && s[i] < e[j] && s[j] < e[i]) good = 0;
        }
        if (good && size > best) best = size;
    }
    printf("%d\n", best);
    return 0;
}

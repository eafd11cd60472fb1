/* Looks at every way, which is quick for a dozen of groups. */
#include <stdio.h>

int n, s[8000], e[8000];

int most(int from) {
    int best = 0;
    for (int i = 0; i < n; i++) {
        if (s[i] >= from) {
            int here = 1 + most(e[i]);
            if (here > best) best = here;
        }
    }
    return best;
}

int main(void) {
    scanf("%d", &n);
    if (n > 12) return 1;
    for (int i = 0; i < n; i++) scanf("%d %d", &s[i], &e[i]);
    printf("%d\n", most(0));
    return 0;
}

/* Takes again and again the group that ends first among those that can still start. */
#include <stdio.h>

int start[8000], end[8000];

int main(void) {
    int n, count = 0, now = 0;
    scanf("%d", &n);
    for (int i = 0; i < n; i++) scanf("%d %d", &start[i], &end[i]);
    for (;;) {
        int best = -1;
        for (int i = 0; i < n; i++) {
            if (start[i] >= now && (best < 0 || end[i] < end[best])) best = i;
        }
        if (best < 0) break;
        now = end[best];
        count++;
    }
    printf("%d\n", count);
    return 0;
}

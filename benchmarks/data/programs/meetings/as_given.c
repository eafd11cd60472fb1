/* Takes the groups by their start, without looking back. */
#include <stdio.h>
#include <stdlib.h>

int times[8000][2];

int by_start(const void *x, const void *y) {
    const int *a = x, *b = y;
    return (a[0] > b[0]) - (a[0] < b[0]);
}

int main(void) {
    int n, taken = 0, last = 0;
    scanf("%d", &n);
    for (int i = 0; i < n; i++) scanf("%d %d", &times[i][0], &times[i][1]);
    qsort(times, n, sizeof times[0], by_start);
    for (int i = 0; i < n; i++) {
        if (times[i][0] >= last) {
            last = times[i][1];
            taken++;
        }
    }
    printf("%d\n", taken);
    return 0;
}

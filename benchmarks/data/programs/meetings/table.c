/* Dynamic programming over groups sorted by their end. */
#include <stdio.h>

int start[8001], end[8001], most[8001];

int main(void) {
    int n;
    scanf("%d", &n);
    for (int i = 1; i <= n; i++) {
        int s, e, j = i;
        scanf("%d %d", &s, &e);
        while (j > 1 && end[j - 1] > e) {
            start[j] = start[j - 1];
            end[j] = end[j - 1];
            j--;
        }
        start[j] = s;
        end[j] = e;
    }
    for (int i = 1; i <= n; i++) {
        int low = 0, high = i - 1;
        while (low < high) {
            int middle = (low + high + 1) / 2;
            if (end[middle] <= start[i])
                low = middle;
            else
                high = middle - 1;
        }
        most[i] = most[i - 1];
        if (most[low] + 1 > most[i]) most[i] = most[low] + 1;
    }
    printf("%d\n", most[n]);
    return 0;
}

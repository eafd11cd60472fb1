#include <stdio.h>
#include <stdlib.h>

int r[6000];

int ascending(const void *x, const void *y) {
    int a = *(const int *)x, b = *(const int *)y;
    return (a > b) - (a < b);
}

int main(void) {
    int n, k, low = 0;
    long long teams = 0;
    scanf("%d %d", &n, &k);
    for (int i = 0; i < n; i++) {
        scanf("%d", &r[i]);
        r[i] %= k;
    }
    qsort(r, n, sizeof(int), ascending);
    while (low < n && r[low] == 0) low++;
    teams = (long long)low * (low - 1) / 2;
    int high = n - 1;
    while (low < high) {
        if (r[low] + r[high] < k) {
            low++;
        } else if (r[low] + r[high] > k) {
            high--;
        } else if (r[low] == r[high]) {
            long long same = high - low + 1;
            teams += same * (same - 1) / 2;
            break;
        } else {
            long long left = 1, right = 1;
            while (r[low + 1] == r[low]) low++, left++;
            while (r[high - 1] == r[high]) high--, right++;
            teams += left * right;
            low++;
            high--;
        }
    }
    printf("%lld\n", teams);
    return 0;
}

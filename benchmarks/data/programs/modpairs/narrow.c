/* Adds remainders of sums in 32 bits. */
#include <stdio.h>

int a[6000];

int main(void) {
    int n, k, teams = 0;
    scanf("%d %d", &n, &k);
    for (int i = 0; i < n; i++) scanf("%d", &a[i]);
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < i; j++) {
            int sum = a[i] + a[j];
            if (sum % k == 0) teams++;
        }
    }
    printf("%d\n", teams);
    return 0;
}

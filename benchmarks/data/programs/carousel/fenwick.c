#include <stdio.h>

long long tree[15001];
int n;

void add(int i, long long value) {
    for (; i <= n; i += i & -i) tree[i] += value;
}

long long sum(int i) {
    long long found = 0;
    for (; i > 0; i -= i & -i) found += tree[i];
    return found;
}

int main(void) {
    int q, l, r;
    long long value;
    scanf("%d %d", &n, &q);
    for (int i = 1; i <= n; i++) {
        scanf("%lld", &value);
        add(i, value);
    }
    while (q--) {
        scanf("%d %d", &l, &r);
        long long found = sum(r) - sum(l - 1);
        if (l > r) found += sum(n);
        printf("%lld\n", found);
    }
    return 0;
}

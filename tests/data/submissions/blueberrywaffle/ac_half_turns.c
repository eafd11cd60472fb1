#include <stdio.h>

int main(void) {
    int r, f;
    if (scanf("%d %d", &r, &f) != 2) return 1;
    int half_turns = (2 * f + r) / (2 * r);
    puts(half_turns % 2 ? "down" : "up");
    return 0;
}

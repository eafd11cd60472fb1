// promise: a complaint holds no character that a terminal would obey
// expect: compile error
static_assert(false, "[2J]0;owned");
int main() {}

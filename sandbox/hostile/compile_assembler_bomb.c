// promise: an assembler that is told to repeat for ever is stopped
// expect: compile error
__asm__(".rept 1000000000\n.rept 1000000000\n nop\n.endr\n.endr");
int main(void) {}

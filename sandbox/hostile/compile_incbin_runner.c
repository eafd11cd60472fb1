// promise: an assembler embeds nothing of the runner's memory or environment
// expect: compile error
__asm__(".incbin \"/proc/1/environ\"");
int main(void) {}

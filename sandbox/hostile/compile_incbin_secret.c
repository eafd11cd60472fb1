// promise: an assembler embeds no secret files
// expect: compile error
__asm__(".incbin \"/etc/shadow\"");
int main(void) {}

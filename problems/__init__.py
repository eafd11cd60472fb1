"""What a problem is, every format it comes in, and how a program is judged on it."""

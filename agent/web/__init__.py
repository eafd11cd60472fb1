"""Live scoreboard and ICPC Contest API of a contest run, read from its journal alone."""

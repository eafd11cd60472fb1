"""The command line: one file a command; only these wire rooms together."""

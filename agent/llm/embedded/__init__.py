"""The embedded model: its files, its server, and a backend over that."""

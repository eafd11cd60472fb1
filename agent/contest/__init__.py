"""Contests: many problems, many participants, a clock, standings and ratings."""

"""Readers of problem packages and bare statements, one file a format."""

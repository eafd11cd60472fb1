"""Judges a program on a problem's tests."""

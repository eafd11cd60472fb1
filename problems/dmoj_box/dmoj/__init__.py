"""The names that Python code written for DMOJ's judge imports."""

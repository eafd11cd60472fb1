"""Small helpers that packages' code imports."""

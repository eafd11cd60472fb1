"""From behaviours to the best next submission."""

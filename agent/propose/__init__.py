"""From completions to distinct programs: sample, extract, merge, repair."""

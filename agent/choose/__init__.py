"""From behaviours to the next submission: clusters, beliefs, policies."""

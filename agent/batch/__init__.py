"""Many problems in one run: on this machine, in shards, or on a cluster."""

"""Boxes on the nodes of a Ray cluster, in place of those of this machine."""

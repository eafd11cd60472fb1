"""A run as a whole: its options, its plan, its models, and what is read of it afterwards.

What `solve`, `batch`, a contest's participants and the library share above the steps.
"""

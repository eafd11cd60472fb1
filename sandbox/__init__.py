"""Untrusted code in, trusted facts out.

Knows nothing of problems, models, contests or scores. A program that fails is an `Outcome`;
a box that fails is a `SandboxFailure`; the two can never be confused.
"""

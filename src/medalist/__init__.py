"""medalist: a competitive-programming agent with a sandboxed judge."""

__version__ = "0.1.0"

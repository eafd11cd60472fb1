"""Decides: from a statement to many candidates, few behaviours and the best next submission."""

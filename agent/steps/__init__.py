"""The steps of the loop over one problem, in the order in which `solve.py` takes them."""

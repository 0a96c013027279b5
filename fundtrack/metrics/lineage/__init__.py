"""Lineage: every figure as the rows and fields it is made of, from the same frames that the figure is summed from."""

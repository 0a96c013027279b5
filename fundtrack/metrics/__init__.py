"""Formulas: pure functions over frames."""

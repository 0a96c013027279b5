"""fundtrack: a government venture fund of funds, from spreadsheet cell to target."""

__version__ = "0.1.0"

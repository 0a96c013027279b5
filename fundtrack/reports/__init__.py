"""The way out: what pages, commands and papers show."""

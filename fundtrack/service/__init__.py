"""Who may do what, and everything that people do: what pages and commands call."""

"""Where the targets will stand at their deadline: a range, a probability, and how both are known."""

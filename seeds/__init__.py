"""What the program is given at the start: targets, policies, districts, and the invented 示例 portfolio."""

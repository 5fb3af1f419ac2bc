"""The board as it was on a day, and what changed between two days."""

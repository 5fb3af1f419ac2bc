"""The wall, and what it is made of."""

"""The screens: the board, one unit, an entry, and the help made from the keys."""

"""The board as one widget: rows in, painted cells out. Only `board_grid` and `messages` know an app."""

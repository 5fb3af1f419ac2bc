"""The wall: the board on a screen that nobody touches, read from metres away and never wrong in silence."""

"""The office's end: the log every entry goes through, the board it makes, and the wire to the laptops."""

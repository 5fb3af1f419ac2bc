"""The board's values: records, changes, the one reducer, and everything that is derived from them."""

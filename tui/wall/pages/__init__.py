"""The pages that take turns in the middle of the wall, each a pure function of facts and a box."""

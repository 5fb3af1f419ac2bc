"""History: what was entered on a step, a unit, a town, or by a person, with what stood before."""

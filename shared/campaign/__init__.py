"""The campaign as data: workflows, phases, steps and windows; how they are read, checked and put on a calendar."""

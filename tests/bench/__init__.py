"""Measurements: `python -m tests.bench`; the README beside this says how to read them."""

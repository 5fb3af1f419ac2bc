"""Looks: what stands behind each light's word, and the colours of everything around the board."""

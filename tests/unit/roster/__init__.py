"""What a roster promises: codes, names, files however they come, and imports that can be repeated."""

"""What `guatu` does from the shell: the same core as the board, without Textual."""

"""The sync page: how the link stands, what wants a person, what went out and what came in."""

"""The same work on guatu and on other systems that many people write to at once, in one run."""

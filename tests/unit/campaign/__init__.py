"""What the campaign promises: its files, its calendar, its data."""

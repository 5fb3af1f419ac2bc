"""Who is behind a unit: its people, its figures, its ties, what it is; and those who answer for several units."""

"""What people enter beside steps, as data: one form for each kind of record, and the one check for all of them."""

"""Rosters: reading what an office has, planning what it would change, and saying so before anything is written.

`statistics` and `sheet` read files, `plan` compares them with the board, `report` says what would happen and
`template` writes a sheet to fill in. Nothing here writes to the log.
"""

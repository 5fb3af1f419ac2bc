"""The inspection group's work as rules: documents and their review, visits, problems, surveys, and what follows.

Values in, values out. What people enter are records like any other, `problem/<unit>/<id>`; an act is one or several
values on records that were shown, and becomes changes where it is made.
"""

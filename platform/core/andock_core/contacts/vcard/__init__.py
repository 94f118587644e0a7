"""vCards (RFC 2426, RFC 6350, and what 2.1 left in the world), read and written.

`reading.read` takes a file apart, `writing.write` makes one. The content lines are icalendar's.
"""

"""How much a contact may hold: what Exchange takes, and a page can show."""

LINE = 255
PHONE = 100
NOTES = 64_000
CATEGORIES = 50
ADDRESS = 2048

"""Schedules that once failed, by what was wrong. They guard what has been mended."""

CALENDAR = {
    "a copy is taken for the item under a new ref": 10198,
}

CONTACTS = {
    "what lost within a dictionary is told after a crash": 6146,
}

"""The calendar: expansion of series, entries and their spans, editing, conversion, viewing."""

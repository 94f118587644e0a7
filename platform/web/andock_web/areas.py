"""The areas of the web. Each registers itself; the shell knows none of them by name."""

from flask import Flask

from andock_web import calendar, calls, contacts, profile, tasks


def register_areas(app: Flask) -> None:
    """Add all areas to the application."""
    for area in (calendar, contacts, tasks, calls, profile):
        area.register(app)

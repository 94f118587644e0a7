"""The areas of the web. Each registers itself; the shell knows none of them by name."""

from flask import Flask

from andock_web import (
    administration,
    calendar,
    calls,
    contacts,
    joining,
    notices,
    profile,
    tasks,
)


def register_areas(app: Flask) -> None:
    """Add all areas to the application."""
    for area in (calendar, contacts, tasks, calls, profile, notices, administration, joining):
        area.register(app)

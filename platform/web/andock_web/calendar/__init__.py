"""The calendar's pages."""

from pathlib import Path

from flask import Flask
from flask_babel import lazy_gettext as _l

from andock_web import language, shell


def register(app: Flask) -> None:
    """Add the calendar to the application: pages, translations, its place in the top bar."""
    from andock_web.calendar.views import pages

    app.register_blueprint(pages)
    language.add_translations(app, Path(__file__).parent / "translations")
    shell.add_place(app, "calendar.show", _l("Calendar"), "calendar-days", order=10, key="c")

"""The page of a member's notices, and the count at their profile picture.

The words for a kind of notice belong to the area that tells it: `add_kind`.
"""

from pathlib import Path

from flask import Flask
from flask_babel import lazy_gettext as _l

from andock_web import language, shell
from andock_web.notices.words import add_kind

__all__ = ["add_kind", "register"]


def register(app: Flask) -> None:
    """Add the notices to the application: the page, translations, their entry in the menu."""
    from andock_web.notices.views import pages, unread

    app.register_blueprint(pages)
    language.add_translations(app, Path(__file__).parent / "translations")
    shell.add_menu_entry(
        app, "notices.show", _l("Notices"), "inbox", order=5, counts=unread, loud=True
    )

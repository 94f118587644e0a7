"""The member's profile: name, picture, habits, password, sessions."""

from pathlib import Path

from flask import Flask
from flask_babel import lazy_gettext as _l

from andock_web import language, shell


def register(app: Flask) -> None:
    """Add the profile to the application: its pages, translations, its entry in the menu."""
    from andock_web.profile.views import pages

    app.register_blueprint(pages)
    language.add_translations(app, Path(__file__).parent / "translations")
    shell.add_menu_entry(app, "profile.show", _l("Profile"), "user", order=5)

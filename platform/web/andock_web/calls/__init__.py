"""The pages of a member's calls."""

from pathlib import Path

from flask import Flask
from flask_babel import lazy_gettext as _l

from andock_web import language, shell


def register(app: Flask) -> None:
    """Add the calls to the application: pages, translations, their place in the top bar."""
    from andock_web.calls.views import pages

    app.register_blueprint(pages)
    language.add_translations(app, Path(__file__).parent / "translations")
    shell.add_place(app, "calls.show", _l("Calls"), "phone", order=40, key="a")

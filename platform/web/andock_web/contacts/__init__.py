"""The pages of a member's contacts."""

from pathlib import Path

from flask import Flask
from flask_babel import lazy_gettext as _l

from andock_web import language, shell


def register(app: Flask) -> None:
    """Add the contacts to the application: pages, translations, their place in the top bar."""
    from andock_web.contacts import area, cards, editor, views

    for part in (cards, editor, views):  # they put their pages on the one blueprint
        assert part.pages is area.pages  # noqa: S101 - imported for that
    app.register_blueprint(area.pages)
    language.add_translations(app, Path(__file__).parent / "translations")
    shell.add_place(app, "contacts.show", _l("Contacts"), "contact-round", order=20, key="k")

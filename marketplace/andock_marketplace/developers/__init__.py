"""A page for whoever writes a plugin. It exists only where the operator switched it on."""

from pathlib import Path

from flask import Flask
from flask_babel import lazy_gettext as _l

from andock_web.language import add_translations
from andock_web.shell import add_admin_page


def register(app: Flask) -> None:
    """Add the page; among the administration's pages it stands only where it is switched on."""
    from andock_marketplace.developers.views import developers

    app.register_blueprint(developers)
    add_translations(app, Path(__file__).parent / "translations")
    if app.extensions["andock_core"].settings.developer:
        add_admin_page(app, "developers.show", _l("Developers"), "plug", order=90)

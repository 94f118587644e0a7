"""Registers the marketplace with the application. The shell learns of it only here."""

from pathlib import Path

from flask import Blueprint, Flask
from flask_babel import lazy_gettext as _l

from andock_marketplace import admin, authorizing, developers, levels, moving, operator, reasons
from andock_marketplace.admin_trust.views import admin_trust
from andock_marketplace.catalog.views import browsing
from andock_marketplace.connect import access, approval, choice
from andock_marketplace.connect.views import connecting
from andock_marketplace.connect.wizard import wizard
from andock_marketplace.doctor import helping
from andock_marketplace.doctor.views import doctor
from andock_marketplace.journal import views as journal
from andock_marketplace.journal.queries import named
from andock_marketplace.journal.values import gist
from andock_marketplace.preferences.views import preferences
from andock_marketplace.preview import views as preview
from andock_marketplace.words import words_for
from andock_web.language import add_translations
from andock_web.shell import add_admin_page, add_menu_entry

STEPS = (access, approval, choice, preview)  # importing them adds their views to the wizard
FOLDER = Path(__file__).parent


def register(app: Flask) -> None:
    """Add the pages, their translations, and *Integrations* to the profile menu."""
    files = Blueprint(
        "marketplace_files",
        __name__,
        template_folder=str(FOLDER / "templates"),
        static_folder=str(FOLDER / "static"),
        static_url_path="/marketplace-static",
    )
    for part in (
        *(files, browsing, connecting, wizard, preferences, journal.journal),
        *(doctor, admin_trust),
    ):
        app.register_blueprint(part)
    helping.init_app(app)
    authorizing.register(app)
    developers.register(app)
    levels.register(app)
    reasons.register(app)
    moving.register(app)
    operator.register(app)
    app.jinja_env.globals["words_for"] = words_for
    app.jinja_env.globals["journal_banner"] = journal.banner
    app.jinja_env.filters["item_title"] = named
    app.jinja_env.filters["item_gist"] = gist
    app.jinja_env.globals["open_conflicts"] = journal.open_conflicts
    add_translations(app, FOLDER / "translations")
    add_menu_entry(app, "marketplace.browse", _l("Integrations"), "blocks", order=10)
    admin.register(app)
    add_admin_page(app, "admin_trust.show", _l("Certificates"), "shield", order=70)

"""The administration of a company's marketplace: rules, requests, who connected what, repairs."""

from pathlib import Path

from flask import Flask
from flask_babel import lazy_gettext as _l

from andock_marketplace.admin import connections, integrations, repairs, requests, told
from andock_marketplace.admin.area import pages
from andock_web.language import add_translations
from andock_web.shell import add_admin_page

PARTS = (connections, integrations, repairs, requests)  # importing them adds their views


def register(app: Flask) -> None:
    """Add the pages to the administration, and the words of the notices that they lead to."""
    app.register_blueprint(pages)
    add_translations(app, Path(__file__).parent / "translations")
    add_admin_page(app, "admin.integrations", _l("Integrations"), "blocks", order=10)
    add_admin_page(
        app, "admin.requests", _l("Requests"), "inbox", order=20, counts=requests.waiting
    )
    add_admin_page(app, "admin.connections", _l("Connections"), "plug", order=30)
    add_admin_page(app, "admin.repairs", _l("Repairs"), "life-buoy", order=40, counts=repairs.count)
    told.add_kinds(app)

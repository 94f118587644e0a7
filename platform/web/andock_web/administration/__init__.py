"""The company's administration in the shell: its members and the audit log, for admins alone."""

from pathlib import Path

from flask import Flask
from flask_babel import lazy_gettext as _l

from andock_web import language, shell


def register(app: Flask) -> None:
    """Add both to the application: pages, translations, their tabs."""
    from andock_web.administration import area, log, members, one_member

    for part in (log, members, one_member):  # they put their pages on the one blueprint
        assert part.pages is area.pages  # noqa: S101 - imported for that
    app.register_blueprint(area.pages)
    language.add_translations(app, Path(__file__).parent / "translations")
    shell.add_admin_page(app, "administration.members", _l("Members"), "users", order=40)
    shell.add_admin_page(app, "administration.audit", _l("Audit log"), "list", order=90)

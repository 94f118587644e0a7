"""Pages for who has no session yet: invitations, forgotten passwords, the first start."""

from pathlib import Path

from flask import Flask
from flask_babel import lazy_gettext as _l

from andock_web import language, shell


def register(app: Flask) -> None:
    """Add them to the application: pages and translations."""
    from andock_web.joining import area, first, forgotten, invitations

    for part in (first, forgotten, invitations):  # they put their pages on the one blueprint
        assert part.pages is area.pages  # noqa: S101 - imported for that
    app.register_blueprint(area.pages)
    language.add_translations(app, Path(__file__).parent / "translations")
    shell.add_sign_in_link(app, "joining.forgotten", _l("Forgot your password?"))
    app.before_request(first.lead_there)

"""The application: everything that all pages share. Places and areas register themselves on it."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from flask.json.provider import DefaultJSONProvider
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from andock_web import (
    assets,
    errors,
    formats,
    icons,
    intake,
    language,
    limits,
    lines,
    operating,
    request_log,
    security,
    session,
    shell,
    views,
)

if TYPE_CHECKING:
    from andock_core.core import Core

LARGEST_REQUEST = 2 * 1024 * 1024  # bytes; forms and calendar entries are far smaller
SESSION_LASTS = timedelta(days=14)  # at most; closing the browser ends it earlier


class _PlainOrder(DefaultJSONProvider):
    """JSON as it was built: sorting a month's thousand entries helps nobody."""

    sort_keys = False


def create_app(core: "Core", *, proxies: int = 0) -> Flask:
    """The Flask application of one core, without the areas (see `app.py` at the top).

    `proxies` is how many reverse proxies in front may be believed about the caller's address,
    host and scheme; 0 believes nobody.
    """
    app = Flask("andock_web", root_path=str(Path(__file__).parent))
    app.extensions["andock_core"] = core
    settings = core.settings
    app.config.update(
        SECRET_KEY=settings.session_key,
        SESSION_COOKIE_NAME="andock_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=SESSION_LASTS,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.json = _PlainOrder(app)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    for part in (
        *(request_log, assets, icons, shell, session, limits, language, formats, lines, intake),
        *(security, errors, views, operating),
    ):
        part.init_app(app)
    if proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
    return app

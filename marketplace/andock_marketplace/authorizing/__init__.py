"""Signing in at another site and coming back; calls from the other side under a plugin's path."""

from pathlib import Path

from flask import Flask

from andock_web.language import add_translations


def register(app: Flask) -> None:
    """Add the pages, and the addresses that the other side calls."""
    from andock_marketplace.authorizing.hooks import hooks
    from andock_marketplace.authorizing.views import authorizing

    for part in (authorizing, hooks):
        app.register_blueprint(part)
    app.extensions["csrf"].exempt(hooks)
    add_translations(app, Path(__file__).parent / "translations")

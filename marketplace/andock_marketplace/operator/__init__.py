"""The page for whoever runs Andock: what an integration needs once for all, and its check."""

from pathlib import Path

from flask import Flask

from andock_web.language import add_translations


def register(app: Flask) -> None:
    """Add the page."""
    from andock_marketplace.operator.views import pages

    app.register_blueprint(pages)
    add_translations(app, Path(__file__).parent / "translations")

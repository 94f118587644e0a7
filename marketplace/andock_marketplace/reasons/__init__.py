"""Why a plugin does not work, and what of it was set aside, in the reader's language."""

from pathlib import Path

from flask import Flask

from andock_web.language import add_translations


def register(app: Flask) -> None:
    """Offer `reason_of` to the templates."""
    from andock_marketplace.reasons.words import reason_of

    add_translations(app, Path(__file__).parent / "translations")
    app.jinja_env.globals["reason_of"] = reason_of

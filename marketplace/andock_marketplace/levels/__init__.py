"""How thoroughly an integration was tested, in words: the level that its publisher claims."""

from pathlib import Path

from flask import Flask

from andock_web.language import add_translations


def register(app: Flask) -> None:
    """Offer `level_of` to the templates."""
    from andock_marketplace.levels.words import level_of

    add_translations(app, Path(__file__).parent / "translations")
    app.jinja_env.globals["level_of"] = level_of

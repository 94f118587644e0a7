"""Moving a connection to where its mailbox has gone."""

from pathlib import Path

from flask import Flask

from andock_web.language import add_translations


def register(app: Flask) -> None:
    """Add the pages, and what a connection's page says of a move to the templates."""
    from andock_marketplace.moving.queries import standing
    from andock_marketplace.moving.views import moving
    from andock_marketplace.moving.words import state_label, to_do

    app.register_blueprint(moving)
    add_translations(app, Path(__file__).parent / "translations")
    app.jinja_env.globals["move_of"] = standing
    app.jinja_env.globals["moving_state"] = state_label
    app.jinja_env.globals["moving_to_do"] = to_do

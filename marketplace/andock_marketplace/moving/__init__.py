"""Moving a connection to where its mailbox has gone."""

from pathlib import Path

from flask import Flask

from andock_web.language import add_translations


def register(app: Flask) -> None:
    """Add the pages, and what other pages say of a move."""
    from andock_marketplace.moving.queries import movable_to, standing
    from andock_marketplace.moving.views import moving
    from andock_marketplace.moving.words import state_label, to_do

    app.register_blueprint(moving)
    add_translations(app, Path(__file__).parent / "translations")
    app.jinja_env.globals["move_of"] = standing
    app.jinja_env.globals["movable_to"] = movable_to
    app.jinja_env.globals["moving_state"] = state_label
    app.jinja_env.globals["moving_to_do"] = to_do

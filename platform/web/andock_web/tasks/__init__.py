"""The pages of a member's tasks."""

from pathlib import Path

from flask import Flask
from flask_babel import lazy_gettext as _l

from andock_web import language, shell


def register(app: Flask) -> None:
    """Add the tasks to the application: pages, translations, their place in the top bar."""
    from andock_web.tasks.views import pages

    app.register_blueprint(pages)
    language.add_translations(app, Path(__file__).parent / "translations")
    shell.add_place(app, "tasks.show", _l("Tasks"), "list-checks", order=30, key="t")

"""The whole application over WSGI, as `app.py` and `andock serve` hand it to a server.

It refuses to start on an old schema. With gunicorn's --preload, the workers forget their parent's
connections after the fork.
"""

import os
import sys

from flask import Flask

import andock_marketplace
from andock_core import config, logs
from andock_core.core import Core
from andock_core.developer import reloading
from andock_core.host import tracing
from andock_core.storage import migrate
from andock_web.app import create_app
from andock_web.areas import register_areas

GUNICORN_GIVES_UP = 3  # the exit code of a worker after which gunicorn ends instead of trying again


def build() -> Flask:
    """The application with all its areas. Raises config.SettingsError."""
    settings = config.load()
    if not migrate.is_current(settings.database_url):
        raise config.SettingsError(
            "DATABASE_URL: the database's schema is not the one that this version needs. "
            "Make a backup, then migrate it (docs/processes.md says how)."
        )
    tracing.set_up(settings)
    core = Core.open(settings)
    os.register_at_fork(after_in_child=core.after_fork)
    if settings.developer:
        reloading.keep_current(core.catalog)
    application = create_app(core, proxies=_proxies())
    register_areas(application)
    andock_marketplace.register(application)
    return application


def _proxies() -> int:
    """ANDOCK_PROXIES: how many reverse proxies in front may be believed."""
    value = os.environ.get("ANDOCK_PROXIES") or "0"
    if not value.isdecimal():
        raise config.SettingsError(f"ANDOCK_PROXIES: expected a number, not {value!r}")
    return int(value)


logs.set_up("web")
try:
    app = build()
except config.SettingsError as wrong:
    sys.stderr.write(f"Andock cannot start. {wrong}\n")
    sys.exit(GUNICORN_GIVES_UP)

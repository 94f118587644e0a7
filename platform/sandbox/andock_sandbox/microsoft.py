"""What scripts need to know of Microsoft's side of a running sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .identity import App, Directory
from .model import Json

if TYPE_CHECKING:
    from .server import SandboxServer

SCRIPTS = "Scripts"
# Nothing need listen there: a script reads the code from where the browser is sent.
SCRIPT_REDIRECT = "http://127.0.0.1:8765/callback"


def script_app(directory: Directory) -> App:
    """The app that is registered for scripts, made when it is missing."""
    for app in directory.apps.values():
        if app.name == SCRIPTS:
            return app
    return directory.register(SCRIPTS, [SCRIPT_REDIRECT])


def info(server: SandboxServer) -> Json:
    """``authority`` (msal's), ``graph_url``, ``ca_file``, ``mailboxes`` with their passwords, and
    an app for scripts: ``client_id``, ``client_secret``, ``redirect_uri``."""
    app = script_app(server.box.directory)
    return {
        "authority": f"{server.cloud_url}/organizations",
        "graph_url": server.graph_url,
        "ca_file": str(server.ca_file.resolve()),
        "mailboxes": [
            {"email": one.email, "password": one.password} for one in server.box.mailboxes
        ],
        "client_id": app.client_id,
        "client_secret": next(iter(app.secrets)),
        "redirect_uri": app.redirect_uris[0],
    }

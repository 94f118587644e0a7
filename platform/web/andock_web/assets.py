"""Static files: an address with a version may be kept for a year, any other is asked for again.

`url_for` adds the version by itself, for the shell and for every blueprint. Modules import each
other without one, so they are revalidated (a short 304). Fonts carry theirs in the name.
"""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request
from werkzeug.security import safe_join
from werkzeug.wrappers import Response

YEAR = 365 * 24 * 3600
_NAMED_BY_VERSION = (".woff2",)


def init_app(app: Flask) -> None:
    """Version the addresses and set how long files are kept."""
    app.url_defaults(_add_version)
    app.after_request(_set_lifetime)


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint.rpartition(".")[2] != "static" or "v" in values:
        return
    version = _version(endpoint, values.get("filename", ""))
    if version and not str(values["filename"]).endswith(_NAMED_BY_VERSION):
        values["v"] = version


def _version(endpoint: str, filename: str) -> str:
    owner = endpoint.rpartition(".")[0]
    folder = (current_app.blueprints[owner] if owner else current_app).static_folder
    path = safe_join(str(folder), filename)
    if path is None or not Path(path).is_file():
        return ""
    return _hash(path, Path(path).stat().st_mtime_ns)


@lru_cache(maxsize=1000)
def _hash(path: str, _changed: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]


def _set_lifetime(response: Response) -> Response:
    endpoint = request.endpoint or ""
    if endpoint.rpartition(".")[2] != "static" or response.status_code not in (200, 206, 304):
        return response
    filename = (request.view_args or {}).get("filename", "")
    wanted = request.args.get("v")
    lasting = filename.endswith(_NAMED_BY_VERSION) or (
        wanted is not None and wanted == _version(endpoint, filename)
    )
    response.headers["Cache-Control"] = (
        f"public, max-age={YEAR}, immutable" if lasting else "no-cache"
    )
    return response

"""Redirects that stay on this site."""

from urllib.parse import urlsplit

from flask import redirect, request
from werkzeug.wrappers import Response


def redirect_to(location: str) -> Response:
    """After a POST, the browser gets the next page with GET."""
    return redirect(location, code=303 if request.method == "POST" else 302)


def safe_path(target: str | None, default: str) -> str:
    """`target` if it is a path on this site, else `default`.

    Browsers read "//host", "/\\host" and "/<tab>/host" as another site, so those are refused.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return default
    if "\\" in target or any(ord(char) < 33 or ord(char) == 127 for char in target):
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target


def own_referrer() -> str | None:
    """The page of this site that the request came from, as a path; None when it is not known."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return None
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return safe_path(path, "") or None

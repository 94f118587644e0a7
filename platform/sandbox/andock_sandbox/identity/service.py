"""Which part of the identity platform answers a path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..cloud import Reply, Request
from ..faults import AUTHORIZE, TOKEN
from . import metadata, pages, token_endpoint
from .errors import IdentityError
from .sign_in import SignInPage

if TYPE_CHECKING:
    from ..sandbox import Sandbox


def operation_of(path: str) -> str:
    """The operation of a path, for faults; empty for what has none."""
    last = path.rstrip("/").rsplit("/", 1)[-1]
    return {"token": TOKEN, "authorize": AUTHORIZE}.get(last, "")


def unavailable(status: int, retry_after: str | None) -> Reply:
    """The answer of a planned fault: a status, with a body as clients expect it."""
    transient = status == 429 or status >= 500
    body = {
        "error": "temporarily_unavailable" if transient else "invalid_request",
        "error_description": "AADSTS90033: A transient error has occurred. Please try again.",
        "error_codes": [90033],
    }
    return Reply.of(status, body, (("Retry-After", retry_after),) if retry_after else ())


def answer(box: Sandbox, request: Request) -> Reply:
    """Answer a request to the identity platform."""
    tenant, _, rest = request.path.lstrip("/").partition("/")
    rest = rest.rstrip("/").lower()
    page = SignInPage(box, request, tenant)
    try:
        if rest == "oauth2/v2.0/token":
            return token_endpoint.answer(box, request, tenant)
        if rest in ("oauth2/v2.0/authorize", "oauth2/v2.0/sign-in") and request.method == "POST":
            return page.begin() if rest.endswith("authorize") else page.decide()
        if request.method == "GET":
            return _get(box, request, tenant, rest, page)
    except IdentityError as error:
        return Reply.of(error.status, error.body())
    return Reply(404, b"", pages.HTML)


def _get(box: Sandbox, request: Request, tenant: str, rest: str, page: SignInPage) -> Reply:
    match rest:
        case "oauth2/v2.0/authorize":
            return page.begin()
        case "v2.0/adminconsent" | "adminconsent":
            return page.begin_approval()
        case "oauth2/v2.0/logout":
            return page.end()
        case "oauth2/v2.0/style.css":
            return Reply(200, pages.style(), "text/css; charset=utf-8")
        case "v2.0/.well-known/openid-configuration":
            found = metadata.find_tenant(box.domains, tenant)
            return Reply.of(200, metadata.configuration(request.base, found, tenant))
        case "discovery/v2.0/keys":
            return Reply.of(200, metadata.keys(box.directory, request.base))
        case "discovery/instance":
            asked = request.fields.get("authorization_endpoint", "")
            made = metadata.instance(request.base, asked)
            return Reply.of(400 if "error" in made else 200, made)
    return Reply(404, b"", pages.HTML)

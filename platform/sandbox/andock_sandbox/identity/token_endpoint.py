"""The token endpoint: authorization codes and refresh tokens against access tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ..cloud import Reply, Request
from ..model import Json
from . import scopes, tokens
from .apps import App
from .directory import Directory
from .errors import IdentityError
from .metadata import find_tenant

if TYPE_CHECKING:
    from ..sandbox import Sandbox

_NO_STORE = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))


def answer(box: Sandbox, request: Request, tenant: str) -> Reply:
    """Answer a token request."""
    try:
        if request.method != "POST":
            raise IdentityError(900144, name="grant_type")
        made = _answer(box, request, tenant)
    except IdentityError as error:
        return Reply.of(error.status, error.body(), _NO_STORE)
    return Reply.of(200, made, _NO_STORE)


def _answer(box: Sandbox, request: Request, tenant: str) -> Json:
    given = _given(request)
    found = find_tenant(box.domains, tenant)
    app = box.directory.app(_need(given, "client_id"), tenant)
    place = f"{request.base}/{tenant}"
    known = {f"{place}/oauth2/v2.0/token", f"{place}/v2.0"}
    if found is not None:
        known |= {f"{request.base}/{found.id}/oauth2/v2.0/token"}
    kind = _need(given, "grant_type")
    if kind == "authorization_code":
        app.check_credentials(given, frozenset(known))
        return _by_code(box, request.base, app, given)
    if kind == "refresh_token":
        app.check_credentials(given, frozenset(known))
        return _by_refresh(box, request.base, app, given)
    raise IdentityError(70003, grant=kind)


def _given(request: Request) -> dict[str, str]:
    """The fields of the request; an app may also show its secret by Basic."""
    given = request.fields
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            text = base64.b64decode(rest, validate=True).decode()
        except ValueError as error:
            raise IdentityError(9002313) from error
        user, _, secret = text.partition(":")
        given |= {"client_id": unquote(user), "client_secret": unquote(secret)}
    return given


def _need(given: Mapping[str, str], name: str) -> str:
    if not given.get(name):
        raise IdentityError(900144, name=name)
    return given[name]


def _by_code(box: Sandbox, base: str, app: App, given: Mapping[str, str]) -> Json:
    code = box.directory.redeem(_need(given, "code"))
    if code.client_id != app.client_id:
        raise IdentityError(70000)
    if code.redirect_uri != _need(given, "redirect_uri"):
        raise IdentityError(50011, error="invalid_grant", uri=given["redirect_uri"], app="")
    _check_verifier(app, code.challenge, code.method, given.get("code_verifier", ""))
    wanted = scopes.read(given["scope"]) if given.get("scope") else code.scopes
    return _answer_for(box, base, app, code.email, wanted, given, code.nonce, code.scopes)


def _check_verifier(app: App, challenge: str, method: str, verifier: str) -> None:
    if not challenge:
        if app.is_public:
            raise IdentityError(9002325)
        return
    if method == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    else:
        made = verifier
    if not hmac.compare_digest(made.encode(), challenge.encode()):
        raise IdentityError(501481)


def _by_refresh(box: Sandbox, base: str, app: App, given: Mapping[str, str]) -> Json:
    old = _need(given, "refresh_token")
    with box.directory.lock:
        grant = box.directory.refresh(old, app.client_id)
        wanted = scopes.read(given["scope"]) if given.get("scope") else grant.scopes
        _check_consent(box.directory, grant.email, app, wanted)
        fresh = box.directory.rotate(old, wanted)
    return _answer_for(box, base, app, grant.email, wanted, given, refresh_token=fresh)


def _check_consent(directory: Directory, email: str, app: App, wanted: list[str]) -> None:
    agreed = directory.consented(email, app.client_id)
    for name in wanted:
        if name not in scopes.OPENID and not scopes.allows(agreed, name):
            raise IdentityError(65001, suberror="consent_required", app=app.client_id)


def _answer_for(
    box: Sandbox,
    base: str,
    app: App,
    email: str,
    wanted: list[str],
    given: Mapping[str, str],
    nonce: str = "",
    chain: list[str] | None = None,
    *,
    refresh_token: str = "",
) -> Json:
    state = box.state_of(email)
    if state is None:
        raise IdentityError(50173)
    _check_consent(box.directory, email, app, wanted)
    if chain is not None and "offline_access" in wanted:
        refresh_token = box.directory.issue_refresh(email, app.client_id, wanted)
    return tokens.answer(
        box.directory,
        state.account,
        app.client_id,
        wanted,
        base,
        nonce=nonce,
        refresh_token=refresh_token,
        client_info=given.get("client_info") == "1",
    )

"""An authorization that is under way: what was asked for, carried from page to page, signed."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from urllib.parse import urlencode

from . import jwt, scopes
from .errors import IdentityError

_KEY = secrets.token_bytes(32)
_LIFE = 3600
_MODES = ("query", "fragment", "form_post")


@dataclass(frozen=True)
class Flow:
    """``approval`` is an administrator's for everybody; ``user`` who has signed in so far."""

    tenant: str
    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None = None
    nonce: str = ""
    challenge: str = ""
    method: str = ""
    mode: str = "query"
    prompt: str = ""
    hint: str = ""
    language: str = "en"
    approval: bool = False
    user: str = ""
    made: float = 0.0

    def sealed(self) -> str:
        """The text for a hidden field."""
        body = json.dumps({**asdict(self), "made": time.time()}).encode()
        return f"{jwt.encode(body)}.{_digest(body)}"

    def signed_in(self, email: str) -> Flow:
        """The same, with who it is."""
        return replace(self, user=email)

    def address(self, **answer: str) -> str:
        """Where the browser goes with an answer."""
        if self.state is not None:
            answer["state"] = self.state
        if self.mode == "fragment":
            return f"{self.redirect_uri}#{urlencode(answer)}"
        mark = "&" if "?" in self.redirect_uri else "?"
        return f"{self.redirect_uri}{mark}{urlencode(answer)}"

    def refusal(self, error: IdentityError) -> dict[str, str]:
        """The answer that tells of an error."""
        made = {"error": error.error, "error_description": error.text}
        return made | ({"error_subcode": "cancel"} if error.error == "access_denied" else {})


def _digest(body: bytes) -> str:
    return jwt.encode(hmac.new(_KEY, body, hashlib.sha256).digest())


def opened(text: str) -> Flow:
    """The flow of a hidden field. IdentityError when it is not ours, or too old."""
    encoded, _, digest = text.partition(".")
    try:
        body = jwt.decode(encoded)
    except jwt.BadToken as error:
        raise IdentityError(9002313) from error
    if not hmac.compare_digest(_digest(body).encode(), digest.encode()):
        raise IdentityError(9002313)
    held = json.loads(body)
    if held["made"] < time.time() - _LIFE:
        raise IdentityError(70008)
    return Flow(**{**held, "scopes": tuple(held["scopes"])})


def asked(tenant: str, given: Mapping[str, str], language: str) -> Flow:
    """The flow that a request to the authorize page begins; not yet checked (``check``)."""
    return Flow(
        tenant,
        given.get("client_id", ""),
        given.get("redirect_uri", ""),
        (),
        given.get("state"),
        given.get("nonce", ""),
        given.get("code_challenge", ""),
        given.get("code_challenge_method", "plain") if given.get("code_challenge") else "",
        given.get("response_mode", "query"),
        given.get("prompt", ""),
        given.get("login_hint", ""),
        language,
    )


def check(flow: Flow, given: Mapping[str, str]) -> Flow:
    """The flow with its scopes. IdentityError, which the app is to hear."""
    if given.get("response_type") != "code":
        raise IdentityError(900144, name="response_type")
    if flow.mode not in _MODES or flow.method not in ("", "plain", "S256"):
        raise IdentityError(9002313)
    if not given.get("scope"):
        raise IdentityError(900144, name="scope")
    return replace(flow, scopes=tuple(scopes.read(given["scope"])))

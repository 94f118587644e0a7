"""Signing in over http: Basic and NTLM, by ``user@domain`` or ``DOMAIN\\user``, and bearer tokens
that the sandbox itself has issued (``Sandbox.bearer``)."""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass

from . import ntlm
from .sandbox import Sandbox, SignIn
from .state import MailboxState

REALM = "Exchange"
# What each scheme is offered with, in the order in which IIS gives them. The client id is that of
# Exchange in every directory.
_CHALLENGES = {
    "bearer": f'Bearer realm="{REALM}", client_id="00000002-0000-0ff1-ce00-000000000000",'
    ' token_types="app_asserted_user_v1 service_asserted_app_v1"',
    "ntlm": "NTLM",
    "basic": f'Basic realm="{REALM}"',
}
SCHEMES = tuple(_CHALLENGES)


@dataclass
class Session:
    """What a connection remembers: NTLM signs a connection in, not a request."""

    nonce: bytes | None = None
    state: MailboxState | None = None


@dataclass(frozen=True)
class Verdict:
    """The signed-in mailbox, or the WWW-Authenticate headers of the refusal."""

    state: MailboxState | None
    headers: tuple[str, ...] = ()


class Doorkeeper:
    """Checks credentials by the schemes that are offered (``basic``, ``ntlm``, ``bearer``)."""

    def __init__(self, box: Sandbox, offered: tuple[str, ...]) -> None:
        unknown = set(offered) - set(_CHALLENGES)
        if unknown:
            raise ValueError(f"no such scheme: {sorted(unknown)}")
        self._box = box
        self._offered = offered
        # The certificate (DER) that NTLM must be bound to; None where the server does not ask.
        self.binding: bytes | None = None

    @property
    def offered(self) -> tuple[str, ...]:
        """The schemes that are offered."""
        return self._offered

    def refusal(self) -> tuple[str, ...]:
        """The WWW-Authenticate headers of what is offered."""
        return tuple(words for scheme, words in _CHALLENGES.items() if scheme in self._offered)

    def check(self, header: str | None, session: Session, path: str) -> Verdict:
        """Judge an Authorization header (None: there was none)."""
        if header is None:
            if session.state is not None:
                return Verdict(session.state)
            return Verdict(None, self.refusal())
        scheme, _, rest = header.partition(" ")
        if scheme.lower() == "bearer" and "bearer" in self._offered:
            return self._bearer(rest.strip(), path)
        try:
            token = base64.b64decode(rest.strip(), validate=True)
        except (binascii.Error, ValueError):
            return Verdict(None, self.refusal())
        if scheme.lower() == "basic" and "basic" in self._offered:
            return self._basic(token, path)
        if scheme.lower() in ("ntlm", "negotiate") and "ntlm" in self._offered:
            return self._ntlm(token, session, path, scheme)
        return Verdict(None, self.refusal())

    def _note(self, user: str, scheme: str, path: str, ok: bool) -> None:
        self._box.sign_ins.append(SignIn(user, scheme, path, ok))

    def _basic(self, token: bytes, path: str) -> Verdict:
        user, _, password = token.decode("utf-8", "replace").partition(":")
        state = self._box.find_user(user)
        ok = state is not None and hmac.compare_digest(
            password.encode(), state.account.password.encode()
        )
        self._note(user, "basic", path, ok)
        return Verdict(state) if ok else Verdict(None, self.refusal())

    def _bearer(self, token: str, path: str) -> Verdict:
        state = self._box.tokens.owner(token)
        user = state.account.email if state is not None else ""
        self._note(user, "bearer", path, state is not None)
        if state is not None:
            return Verdict(state)
        return Verdict(None, (f'{_CHALLENGES["bearer"]}, error="invalid_token"',))

    def _ntlm(self, token: bytes, session: Session, path: str, scheme: str) -> Verdict:
        kind = ntlm.kind_of(token)
        if kind == 1:
            session.state = None
            message, session.nonce = ntlm.challenge(token, "SANDBOX", "EX01")
            return Verdict(None, (f"{scheme} {base64.b64encode(message).decode()}",))
        nonce, session.nonce = session.nonce, None
        if kind != 3 or nonce is None:
            return Verdict(None, self.refusal())
        try:
            domain, user = ntlm.user_of(token)
        except ValueError:
            return Verdict(None, self.refusal())
        named = f"{domain}\\{user}" if domain and "@" not in user else user
        state = self._box.find_user(named)
        ok = (
            state is not None
            and ntlm.verify(token, nonce, state.account.password)
            and self._is_bound(token)
        )
        self._note(named, "ntlm", path, ok)
        session.state = state if ok else None
        return Verdict(state) if ok else Verdict(None, self.refusal())

    def _is_bound(self, token: bytes) -> bool:
        """Extended Protection: a right password is refused like a wrong one when the message is
        not bound to this server's TLS channel. IIS tells no difference either."""
        if self.binding is None:
            return True
        found = ntlm.channel_binding(token)
        return found is not None and hmac.compare_digest(found, ntlm.binding_of(self.binding))

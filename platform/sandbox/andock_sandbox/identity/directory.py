"""Who may sign in, which apps there are, who agreed to what, and the refresh tokens.

A tenant is the domain of its people's addresses. People and passwords are those of the mailboxes.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field

from ..model import Account, Json
from . import jwt
from .apps import App
from .errors import IdentityError

# How long things are good for, in seconds.
CODE_LIFE, REFRESH_LIFE = 600, 90 * 86400
_SPACE = uuid.UUID("7f3c1f0e-6a0c-4a5e-9d0b-0c5a1d0e5b11")
_KEPT_OLD = 500


@dataclass(frozen=True)
class Tenant:
    """A company's directory."""

    domain: str

    @property
    def id(self) -> str:
        """Its GUID."""
        return str(uuid.uuid5(_SPACE, self.domain.casefold()))


@dataclass
class Grant:
    """What one sign-in has brought: a chain of refresh tokens, of which the last one counts."""

    email: str
    client_id: str
    scopes: list[str]
    begun: float
    used: float
    refused: int = 0


@dataclass
class Code:
    """An authorization code that waits to be redeemed."""

    email: str
    client_id: str
    redirect_uri: str
    scopes: list[str]
    challenge: str
    method: str
    nonce: str
    made: float = field(default_factory=time.time)
    spent: bool = False


class Directory:
    """All tenants of a sandbox; thread-safe. ``token_seconds`` is the life of access tokens.

    ``save`` is handed everything that must outlive the process, as JSON, after each change.
    """

    def __init__(
        self, held: Json, save: Callable[[Json], None], lock: threading.RLock, *, keeps: bool
    ) -> None:
        # The sandbox's own: with two, whoever saves and whoever acts could wait for each other.
        self.lock = lock
        self.token_seconds = 3600
        self.sessions: dict[str, str] = {}
        self._save_to, self._keeps = save, keeps
        self._pem: str = held.get("key", "")
        self.apps = {line["client_id"]: App(**line) for line in held.get("apps", [])}
        self.consents: dict[str, list[str]] = held.get("consents", {})
        self.strict: list[str] = held.get("strict", [])
        self.admins: list[str] = held.get("admins", [])
        # The number of each person's sessions: tokens of an earlier one are not valid any more.
        self.epochs: dict[str, int] = held.get("epochs", {})
        self._refresh = {key: Grant(**line) for key, line in held.get("refresh", {}).items()}
        self._old: list[str] = held.get("old", [])
        self._codes: dict[str, Code] = {}
        self._key: jwt.Key | None = None

    @property
    def key(self) -> jwt.Key:
        """The key that signs tokens, made when it is first needed."""
        with self.lock:
            if self._key is None and self._pem:
                self._key = jwt.Key.from_pem(self._pem)
            elif self._key is None:
                self._key = jwt.new_key() if self._keeps else jwt.shared_key()
                self._pem = self._key.pem
                self.save()
            return self._key

    def save(self) -> None:
        """Write down what must outlive the process."""
        self._save_to(
            {
                "key": self._pem,
                "apps": [asdict(app) for app in self.apps.values()],
                "consents": self.consents,
                "strict": self.strict,
                "admins": self.admins,
                "epochs": self.epochs,
                "refresh": {key: asdict(grant) for key, grant in self._refresh.items()},
                "old": self._old,
            }
        )

    # -- apps and people ---------------------------------------------------------------------

    def register(
        self,
        name: str,
        redirect_uris: Sequence[str],
        *,
        client_id: str = "",
        secret: str | None = "",
        secret_days: float = 730,
        certificates: Sequence[str] = (),
    ) -> App:
        """Register an app, or change the one of this id. ``secret`` empty makes one, None has
        none: with a certificate (PEM) or as a public client."""
        with self.lock:
            app = self.apps.get(client_id) or App.new(name, client_id)
            app.name, app.redirect_uris = name, list(redirect_uris)
            app.certificates = list(certificates)
            app.secrets = {}
            if secret is not None:
                made = secret or secrets.token_urlsafe(30)
                app.secrets[made] = time.time() + secret_days * 86400
            self.apps[app.client_id] = app
            self.save()
            return app

    def app(self, client_id: str, tenant: str = "") -> App:
        """The app of an id. IdentityError."""
        found = self.apps.get(client_id)
        if found is None:
            raise IdentityError(700016, app=client_id, tenant=tenant or "organizations")
        return found

    @staticmethod
    def tenant_of(email: str) -> Tenant:
        """The tenant of an address."""
        return Tenant(email.rpartition("@")[2].casefold())

    @staticmethod
    def object_id(account: Account) -> str:
        """The GUID of a person (``oid``)."""
        return str(uuid.uuid5(_SPACE, f"user:{account.email.casefold()}"))

    def require_approval(self, domain: str, *, on: bool = True) -> None:
        """Let a tenant's people agree to nothing by themselves; or let them."""
        with self.lock:
            self.strict = [name for name in self.strict if name != domain.casefold()]
            if on:
                self.strict.append(domain.casefold())
            self.save()

    def make_admin(self, email: str, *, on: bool = True) -> None:
        """Make someone an administrator of their tenant."""
        with self.lock:
            self.admins = [name for name in self.admins if name != email.casefold()]
            if on:
                self.admins.append(email.casefold())
            self.save()

    # -- consent -----------------------------------------------------------------------------

    def consented(self, email: str, client_id: str) -> frozenset[str]:
        """What a person, or the tenant's administrator, has agreed to for an app."""
        with self.lock:
            tenant = self.tenant_of(email).id
            keys = (f"{email.casefold()} {client_id}", f"{tenant} {client_id}")
            return frozenset(name for key in keys for name in self.consents.get(key, ()))

    def consent(self, email: str, client_id: str, scopes: Iterable[str]) -> None:
        """A person agrees."""
        self._agree(f"{email.casefold()} {client_id}", scopes)

    def approve(self, domain: str, client_id: str, scopes: Iterable[str]) -> None:
        """An administrator agrees for everybody of a tenant."""
        self._agree(f"{Tenant(domain).id} {client_id}", scopes)

    def _agree(self, key: str, scopes: Iterable[str]) -> None:
        with self.lock:
            self.consents[key] = sorted({*self.consents.get(key, ()), *scopes})
            self.save()

    def withdraw(self, email: str, client_id: str) -> None:
        """Forget what a person agreed to; also what was agreed for their whole tenant."""
        with self.lock:
            self.consents.pop(f"{email.casefold()} {client_id}", None)
            self.consents.pop(f"{self.tenant_of(email).id} {client_id}", None)
            self.save()

    # -- codes and refresh tokens ------------------------------------------------------------

    def issue_code(self, code: Code) -> str:
        """A code for the redirect."""
        made = "1.A" + secrets.token_urlsafe(60)
        with self.lock:
            old = time.time() - CODE_LIFE * 2
            self._codes = {key: held for key, held in self._codes.items() if held.made > old}
            self._codes[made] = code
        return made

    def redeem(self, text: str) -> Code:
        """The code, spent now. IdentityError."""
        with self.lock:
            code = self._codes.get(text)
            if code is None:
                raise IdentityError(70000)
            if code.spent:
                raise IdentityError(54005)
            if code.made < time.time() - CODE_LIFE:
                raise IdentityError(70008)
            code.spent = True
            return code

    def issue_refresh(self, email: str, client_id: str, scopes: Sequence[str]) -> str:
        """The first refresh token of a sign-in."""
        now = time.time()
        return self._keep_refresh(Grant(email, client_id, list(scopes), now, now))

    def _keep_refresh(self, grant: Grant) -> str:
        made = "1.AR" + secrets.token_urlsafe(90)
        with self.lock:
            self._refresh[_digest(made)] = grant
            self.save()
        return made

    def refresh(self, text: str, client_id: str) -> Grant:
        """The grant behind a refresh token. IdentityError: unknown, used before, revoked."""
        with self.lock:
            grant = self._refresh.get(_digest(text))
            if grant is None or grant.client_id != client_id:
                raise IdentityError(70000)
            if grant.refused:
                raise IdentityError(grant.refused)
            if grant.used < time.time() - REFRESH_LIFE:
                raise IdentityError(700082)
            return grant

    def rotate(self, text: str, scopes: Sequence[str]) -> str:
        """Put a new refresh token in the place of one; the old one is worth nothing any more."""
        with self.lock:
            grant = self._refresh.pop(_digest(text))
            self._old = [*self._old, _digest(text)][-_KEPT_OLD:]
            grant.used, grant.scopes = time.time(), sorted({*grant.scopes, *scopes})
            return self._keep_refresh(grant)

    def was_used(self, text: str) -> bool:
        """Whether a refresh token was good once and has been replaced since."""
        return _digest(text) in self._old

    def revoke(self, email: str, number: int = 50173, *, access: bool = False) -> int:
        """Make a person's refresh tokens invalid with this AADSTS number (50173 revoked, 700082
        expired, 50076 needs a second factor); with ``access`` their access tokens too. How many."""
        if number not in (50173, 700082, 50076):
            raise ValueError(f"no such reason: {number}")
        with self.lock:
            found = [one for one in self._refresh.values() if _same(one.email, email)]
            for grant in found:
                grant.refused = number
            if access:
                self.epochs[email.casefold()] = self.epoch(email) + 1
            self.sessions = {
                key: who for key, who in self.sessions.items() if not _same(who, email)
            }
            self.save()
            return len(found)

    def epoch(self, email: str) -> int:
        """The number that valid access tokens of a person carry."""
        return self.epochs.get(email.casefold(), 0)


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

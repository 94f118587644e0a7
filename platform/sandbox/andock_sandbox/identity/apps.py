"""Applications as they are registered in a directory."""

from __future__ import annotations

import hmac
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from ..model import Json
from . import jwt
from .errors import IdentityError

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass
class App:
    """An application. ``secrets`` maps each secret to its end (seconds since 1970),
    ``certificates`` are PEM texts; an app with neither is public (a program on a computer)."""

    client_id: str
    name: str
    redirect_uris: list[str] = field(default_factory=list)
    secrets: dict[str, float] = field(default_factory=dict)
    certificates: list[str] = field(default_factory=list)

    @classmethod
    def new(cls, name: str, client_id: str = "") -> App:
        """An app without anything."""
        return cls(client_id or str(uuid.uuid4()), name)

    @property
    def is_public(self) -> bool:
        """Whether the app can keep no secret."""
        return not self.secrets and not self.certificates

    def check_redirect(self, uri: str) -> None:
        """IdentityError unless the address is registered, letter for letter."""
        if uri not in self.redirect_uris:
            raise IdentityError(50011, uri=uri, app=self.client_id)

    def check_credentials(self, given: Mapping[str, str], audiences: frozenset[str]) -> None:
        """IdentityError unless a token request comes from the app itself."""
        secret, assertion = given.get("client_secret"), given.get("client_assertion")
        if self.is_public:
            if secret or assertion:
                raise IdentityError(700025)
        elif assertion:
            if given.get("client_assertion_type") != ASSERTION:
                raise IdentityError(900144, name="client_assertion_type")
            self._check_assertion(assertion, audiences)
        elif secret:
            self._check_secret(secret)
        else:
            raise IdentityError(7000218)

    def _check_secret(self, given: str) -> None:
        for known, end in self.secrets.items():
            if hmac.compare_digest(known.encode(), given.encode()):
                if end < time.time():
                    raise IdentityError(7000222, app=self.client_id)
                return
        raise IdentityError(7000215, app=self.client_id)

    def _check_assertion(self, assertion: str, audiences: frozenset[str]) -> None:
        claims = self._read_assertion(assertion)
        now = time.time()
        if claims.get("aud") not in audiences:
            raise IdentityError(700027, why="audience")
        if claims.get("iss") != self.client_id or claims.get("sub") != self.client_id:
            raise IdentityError(700027, why="issuer and subject are the application's id")
        try:
            fits = float(claims.get("nbf", 0)) - 300 <= now < float(claims["exp"])
        except (KeyError, TypeError, ValueError):
            fits = False
        if not fits:
            raise IdentityError(700027, why="times")

    def _read_assertion(self, assertion: str) -> Json:
        for pem in self.certificates:
            held = x509.load_pem_x509_certificate(pem.encode()).public_key()
            if not isinstance(held, rsa.RSAPublicKey):
                continue
            try:
                return jwt.verify(assertion, held)[1]
            except jwt.BadToken:
                continue
        raise IdentityError(700027, why="no registered certificate fits")

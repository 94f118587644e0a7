"""JSON web tokens: signed with RS256, read with RS256 or PS256 ([RFC 7515], [RFC 7519])."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from functools import cache, cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from ..model import Json


class BadToken(ValueError):
    """A token that is malformed, or whose signature does not fit."""


def encode(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes of a base64url text. BadToken."""
    try:
        return base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise BadToken("no base64url") from error


@dataclass(frozen=True)
class Key:
    """A signing key; ``kid`` names it in the list of keys."""

    private: rsa.RSAPrivateKey

    @classmethod
    def from_pem(cls, text: str) -> Key:
        """The key of a text made by ``pem``."""
        held = serialization.load_pem_private_key(text.encode(), None)
        if not isinstance(held, rsa.RSAPrivateKey):
            raise ValueError("not an RSA key")
        return cls(held)

    @property
    def pem(self) -> str:
        """The private key as text."""
        return self.private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()

    @cached_property
    def kid(self) -> str:
        """The name of the key: a digest of its modulus."""
        return encode(hashlib.sha256(self._number(self._public.n)).digest()[:20])

    @property
    def _public(self) -> rsa.RSAPublicNumbers:
        return self.private.public_key().public_numbers()

    @staticmethod
    def _number(value: int) -> bytes:
        return value.to_bytes((value.bit_length() + 7) // 8, "big")

    def jwk(self) -> Json:
        """The public half for the list of keys."""
        return {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.kid,
            "n": encode(self._number(self._public.n)),
            "e": encode(self._number(self._public.e)),
        }

    def sign(self, claims: Json) -> str:
        """A signed token."""
        header = {"typ": "JWT", "alg": "RS256", "kid": self.kid}
        body = ".".join(encode(json.dumps(part).encode()) for part in (header, claims))
        made = self.private.sign(body.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{body}.{encode(made)}"

    def read(self, token: str) -> Json:
        """The claims of a token that this key has signed. BadToken."""
        _, claims = verify(token, self.private.public_key())
        return claims


@cache
def shared_key() -> Key:
    """One key for all sandboxes of a process that keep nothing: making one takes a while."""
    return new_key()


def new_key() -> Key:
    """A fresh key."""
    return Key(rsa.generate_private_key(public_exponent=65537, key_size=2048))


def verify(token: str, key: rsa.RSAPublicKey) -> tuple[Json, Json]:
    """(header, claims) of a token signed with a key. BadToken."""
    parts = token.split(".")
    if len(parts) != 3:
        raise BadToken("a token has three parts")
    try:
        header, claims = json.loads(decode(parts[0])), json.loads(decode(parts[1]))
    except ValueError as error:
        raise BadToken("no JSON") from error
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise BadToken("no objects")
    body, signature = ".".join(parts[:2]).encode(), decode(parts[2])
    try:
        if header.get("alg") == "RS256":
            key.verify(signature, body, padding.PKCS1v15(), hashes.SHA256())
        elif header.get("alg") == "PS256":
            salted = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
            key.verify(signature, body, salted, hashes.SHA256())
        else:
            raise BadToken(f"algorithm {header.get('alg')}")
    except InvalidSignature as error:
        raise BadToken("the signature does not fit") from error
    return header, claims

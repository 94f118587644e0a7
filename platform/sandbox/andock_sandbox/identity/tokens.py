"""Access tokens, id tokens and the answer that carries them."""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from ..model import Account, Json
from . import jwt
from .directory import Directory
from .scopes import OPENID

AUDIENCE = "https://graph.microsoft.com"


@dataclass(frozen=True)
class Access:
    """What an access token allows: as whom, for which app, with which scopes."""

    email: str
    client_id: str
    scopes: frozenset[str]


def issuer(base: str, tenant: str) -> str:
    """Who issues the tokens of a tenant."""
    return f"{base}/{tenant}/v2.0"


def answer(
    directory: Directory,
    account: Account,
    client_id: str,
    scopes: Sequence[str],
    base: str,
    *,
    nonce: str = "",
    refresh_token: str = "",
    client_info: bool = False,
) -> Json:
    """The token endpoint's answer for a person and an app."""
    tenant, oid = directory.tenant_of(account.email).id, directory.object_id(account)
    lasts = directory.token_seconds
    made: Json = {
        "token_type": "Bearer",
        "scope": " ".join(name for name in scopes if name != "offline_access"),
        "expires_in": lasts,
        "ext_expires_in": lasts,
        "access_token": _access(directory, account, client_id, scopes, base),
    }
    if refresh_token:
        made["refresh_token"] = refresh_token
    if "openid" in scopes:
        made["id_token"] = _id_token(directory, account, client_id, scopes, base, nonce)
    if client_info:
        about = json.dumps({"uid": oid, "utid": tenant}).encode()
        made["client_info"] = jwt.encode(about)
    return made


def _common(directory: Directory, account: Account, base: str, seconds: float) -> Json:
    now = int(time.time())
    tenant = directory.tenant_of(account.email).id
    return {
        "iss": issuer(base, tenant),
        "iat": now,
        "nbf": now,
        "exp": int(now + seconds),
        "oid": directory.object_id(account),
        "tid": tenant,
        "name": account.name,
        "uti": jwt.encode(uuid.uuid4().bytes),
        "ver": "2.0",
    }


def _access(
    directory: Directory, account: Account, client_id: str, scopes: Sequence[str], base: str
) -> str:
    claims = _common(directory, account, base, directory.token_seconds)
    claims |= {
        "aud": AUDIENCE,
        "appid": client_id,
        "scp": " ".join(name for name in scopes if name not in OPENID),
        "upn": account.email,
        "epoch": directory.epoch(account.email),
    }
    return directory.key.sign(claims)


def _id_token(
    directory: Directory,
    account: Account,
    client_id: str,
    scopes: Sequence[str],
    base: str,
    nonce: str,
) -> str:
    claims = _common(directory, account, base, directory.token_seconds)
    # Who someone is differs from app to app, as with Microsoft.
    pair = f"{client_id} {claims['oid']}".encode()
    claims |= {
        "aud": client_id,
        "sub": jwt.encode(hashlib.sha256(pair).digest()),
        "preferred_username": account.email,
        "login_hint": f"O.{jwt.encode(account.email.encode())}",
    }
    if "email" in scopes:
        claims["email"] = account.email
    if nonce:
        claims["nonce"] = nonce
    return directory.key.sign(claims)


def read_access(directory: Directory, token: str) -> Access | None:
    """What an access token allows now; None when it is none, has expired or was revoked."""
    try:
        claims = directory.key.read(token)
    except jwt.BadToken:
        return None
    email = str(claims.get("upn", ""))
    if claims.get("aud") != AUDIENCE or claims.get("exp", 0) <= time.time():
        return None
    if claims.get("epoch") != directory.epoch(email):
        return None
    return Access(email, str(claims["appid"]), frozenset(str(claims["scp"]).split()))

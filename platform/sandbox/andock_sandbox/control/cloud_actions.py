"""What the control page may do on Microsoft's side: apps, consent, revoked access, notices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from ..identity.scopes import CONTAINS
from ..model import Json
from ..sandbox import Sandbox

if TYPE_CHECKING:
    from ..server import SandboxServer

_LATEST = 50


def state(box: Sandbox, server: SandboxServer) -> Json:
    """Addresses, apps, tenants, subscriptions, and what was asked of Graph."""
    with box.lock:
        return _state(box, server)


def _state(box: Sandbox, server: SandboxServer) -> Json:
    directory, log = box.directory, list(box.cloud.log)
    return {
        "authority": f"{server.cloud_url}/organizations",
        "graph_url": server.graph_url,
        "apps": [
            {
                "client_id": app.client_id,
                "name": app.name,
                "redirect_uris": app.redirect_uris,
                "public": app.is_public,
            }
            for app in directory.apps.values()
        ],
        "tenants": [
            {
                "domain": domain,
                "id": directory.tenant_of(f"@{domain}").id,
                "needs_approval": domain in directory.strict,
            }
            for domain in sorted(box.domains)
        ],
        "admins": directory.admins,
        "subscriptions": [
            {
                "id": held.id,
                "mailbox": held.state.account.email,
                "resource": held.resource,
                "url": held.url,
                "expires": held.expires,
            }
            for held in box.callbacks.all()
        ],
        "requests": [asdict(one) for one in log[-_LATEST:]],
        "counts": dict(Counter(one.operation for one in log)),
        "total": box.cloud.count(),
    }


def _domain(box: Sandbox, fields: Mapping[str, str]) -> str:
    domain = fields.get("domain", "").casefold()
    if domain not in box.domains:
        raise ValueError(f"no such tenant: {domain}")
    return domain


def _email(box: Sandbox, fields: Mapping[str, str]) -> str:
    found = box.state_of(fields.get("mailbox", ""))
    if found is None:
        raise ValueError(f"no such mailbox: {fields.get('mailbox', '')}")
    return found.account.email


def _clients(box: Sandbox, fields: Mapping[str, str]) -> list[str]:
    known = list(box.directory.apps)
    wanted = fields.get("client_id", "")
    if wanted and wanted not in known:
        raise ValueError(f"no such app: {wanted}")
    return [wanted] if wanted else known


def require_approval(box: Sandbox, server: SandboxServer, fields: Mapping[str, str]) -> Json:
    """``domain``; ``on`` empty lets people agree by themselves again."""
    box.directory.require_approval(_domain(box, fields), on=bool(fields.get("on")))
    return {}


def approve_app(box: Sandbox, server: SandboxServer, fields: Mapping[str, str]) -> Json:
    """``domain``; ``client_id`` (empty: all apps); ``scopes`` (empty: all)."""
    domain, scopes = _domain(box, fields), fields.get("scopes", "").split() or list(CONTAINS)
    for client in _clients(box, fields):
        box.directory.approve(domain, client, scopes)
    return {}


def make_admin(box: Sandbox, server: SandboxServer, fields: Mapping[str, str]) -> Json:
    """``mailbox``; ``on`` empty takes it back."""
    box.directory.make_admin(_email(box, fields), on=bool(fields.get("on")))
    return {}


def revoke_access(box: Sandbox, server: SandboxServer, fields: Mapping[str, str]) -> Json:
    """``mailbox``; ``number`` (AADSTS, 50173); ``access`` ends access tokens too."""
    number = int(fields.get("number") or 50173)
    count = box.directory.revoke(_email(box, fields), number, access=bool(fields.get("access")))
    return {"grants": count}


def withdraw_consent(box: Sandbox, server: SandboxServer, fields: Mapping[str, str]) -> Json:
    """``mailbox``; ``client_id`` (empty: all apps)."""
    for client in _clients(box, fields):
        box.directory.withdraw(_email(box, fields), client)
    return {}


def register_app(box: Sandbox, server: SandboxServer, fields: Mapping[str, str]) -> Json:
    """``name``, ``redirect_uris`` by spaces, ``client_id`` (empty: a new one), ``client_secret``
    (empty: one is made), ``secret_days``, ``public`` for an app without a secret."""
    if not fields.get("name") or not fields.get("redirect_uris"):
        raise ValueError("an app has a name and a redirect address")
    secret = None if fields.get("public") else fields.get("client_secret", "")
    app = box.directory.register(
        fields["name"],
        fields["redirect_uris"].split(),
        client_id=fields.get("client_id", ""),
        secret=secret,
        secret_days=float(fields.get("secret_days") or 730),
    )
    return {"client_id": app.client_id, "client_secret": next(iter(app.secrets), "")}


def lifecycle_notice(box: Sandbox, server: SandboxServer, fields: Mapping[str, str]) -> Json:
    """``kind``; ``mailbox`` (empty: all)."""
    email = _email(box, fields) if fields.get("mailbox") else ""
    return {"subscriptions": box.callbacks.lifecycle(fields.get("kind", ""), email)}


def token_life(box: Sandbox, server: SandboxServer, fields: Mapping[str, str]) -> Json:
    """``seconds`` that new access tokens are good for."""
    box.directory.token_seconds = int(fields.get("seconds") or 3600)
    return {"seconds": box.directory.token_seconds}

"""Addresses that the other side may call, one per connection and name."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from andock_core.authorizing.places import on_loopback
from andock_core.config import Settings
from andock_core.storage import SYSTEM, Connection, Scope, Webhook
from andock_core.storage.types import new_id
from andock_core.vault import Label
from andock_sdk.errors import PluginBug

if TYPE_CHECKING:
    from andock_core.core import Core

MOST = 20
"""Addresses per connection."""
TOKEN_BYTES = 32
LONGEST_TOKEN = 64
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True)
class Address:
    """An address that is called, by value."""

    id: str
    tenant_id: str
    connection_id: str
    integration: str
    name: str


def can_be_called(settings: Settings) -> bool:
    """Whether the other side can reach Andock: by https, or on this machine itself."""
    return settings.base_url.startswith("https://") or on_loopback(settings)


def url(core: "Core", scope: Scope, connection_id: str, slug: str, name: str) -> str:
    """The address of this name, made when there is none; "" when Andock cannot be called.

    Raises PluginBug for a name that cannot be one, or too many.
    """
    if not _NAME.fullmatch(str(name)):
        raise PluginBug(detail="webhook_url: an unusable name")
    if not can_be_called(core.settings):
        return ""
    try:
        token = _token(core, scope, connection_id, slug, name)
    except IntegrityError:  # another process made it at this moment
        token = _token(core, scope, connection_id, slug, name)
    return f"{core.settings.base_url}/hooks/{slug}/{token}"


def of_token(core: "Core", slug: str, token: str) -> Address | None:
    """Whose address this is; None when it is nobody's. Asked for strangers, who have no tenant."""
    if len(token) > LONGEST_TOKEN:
        return None
    digest = hashlib.sha256(token.encode()).hexdigest()
    with core.storage.read(SYSTEM) as session:
        row = session.scalars(select(Webhook).where(Webhook.digest == digest)).one_or_none()
        if row is None or row.integration != slug:
            return None
        return Address(row.id, row.tenant_id, row.connection_id, row.integration, row.name)


def _token(core: "Core", scope: Scope, connection_id: str, slug: str, name: str) -> str:
    """The address's secret. Committed before it is told: the other side may call at once."""
    with core.storage.write(scope) as session:
        rows = session.scalars(select(Webhook).where(Webhook.connection_id == connection_id)).all()
        for row in rows:
            if row.name == name:
                return core.vault.open(_label(row), row.token).decode()
        if len(rows) >= MOST:
            raise PluginBug(detail="webhook_url: too many names")
        if session.get(Connection, connection_id) is None:
            raise PluginBug(detail="webhook_url: the connection is gone")
        token = secrets.token_urlsafe(TOKEN_BYTES)
        row = Webhook(
            id=new_id(),
            tenant_id=scope.tenant_id,
            connection_id=connection_id,
            integration=slug,
            name=name,
            digest=hashlib.sha256(token.encode()).hexdigest(),
        )
        row.token = core.vault.seal(_label(row), token.encode())
        session.add(row)
        return token


def _label(row: Webhook) -> Label:
    return Label(row.tenant_id, row.connection_id, "webhook.token", row.id)

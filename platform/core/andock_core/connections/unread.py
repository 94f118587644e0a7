"""What a connection could not take over, item by item: how often, and why."""

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from andock_core.storage import Collection, InboxItem, Scope

if TYPE_CHECKING:
    from andock_core.core import Core


def unread(core: "Core", scope: Scope, connection_id: str) -> dict[str, int]:
    """Message key → how many items of the other side wait because of it, most first."""
    count = func.count(InboxItem.id)
    query = (
        select(InboxItem.error, count)
        .join(Collection, Collection.id == InboxItem.collection_id)
        .where(
            Collection.connection_id == connection_id,
            Collection.tenant_id == scope.tenant_id,
            Collection.retired.is_(False),
            InboxItem.error != "",
        )
        .group_by(InboxItem.error)
        .order_by(count.desc(), InboxItem.error)
    )
    with core.storage.read(scope) as session:
        return {row[0]: row[1] for row in session.execute(query)}

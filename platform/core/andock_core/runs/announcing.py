"""Announced changes on their way into the inbox."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from andock_core.runs.queries import PENDING
from andock_core.storage import Collection, InboxItem, Pair
from andock_sdk import Change


def announce(session: Session, row: Collection, changes: Sequence[Change]) -> None:
    refs = [change.ref for change in changes]
    in_refs = (Pair.collection_id == row.id, Pair.ref.in_(refs))
    pairs = {pair.ref: pair for pair in session.scalars(select(Pair).where(*in_refs))}
    query = select(InboxItem).where(InboxItem.collection_id == row.id, InboxItem.ref.in_(refs))
    lines = {line.ref: line for line in session.scalars(query)}
    for change in changes:
        pair, line = pairs.get(change.ref), lines.get(change.ref)
        if pair is not None:
            pair.unannounced = False
        if row.listing and pair is not None and change.kind == "changed":
            pair.seen_mark = row.listing_mark
        if line is None and says_nothing_new(change, pair):
            continue
        if line is None:
            line = InboxItem(tenant_id=row.tenant_id, collection_id=row.id, ref=change.ref)
            session.add(line)
            lines[change.ref] = line
        line.kind, line.version = change.kind, change.version
        line.error, line.tries, line.next_try_at = "", 0, None


def suspect(session: Session, row: Collection) -> None:
    """What the listing did not name may be gone: it is read by its id before anything."""
    session.flush()
    announced = select(InboxItem.ref).where(InboxItem.collection_id == row.id)
    query = select(Pair.ref).where(
        Pair.collection_id == row.id,
        Pair.seen_mark != row.listing_mark,
        ~Pair.ref.startswith(PENDING),
        Pair.ref.not_in(announced),
    )
    for ref in session.scalars(query).all():
        session.add(
            InboxItem(
                tenant_id=row.tenant_id,
                collection_id=row.id,
                ref=ref,
                kind="missing",
                tries=0,
            )
        )


def says_nothing_new(change: Change, pair: Pair | None) -> bool:
    """An echo of what is agreed already, or the deletion of what we never had."""
    if pair is None:
        return change.kind == "deleted"
    return (
        change.kind == "changed"
        and change.version != ""
        and (change.version == pair.remote_version)
    )

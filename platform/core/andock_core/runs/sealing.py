"""The sealed columns of the sync's tables, as values."""

import hashlib
from typing import Any

from pydantic import BaseModel

from andock_core.storage import Collection, JournalLine, Pair
from andock_core.storage.tables import Intent as IntentRow
from andock_core.sync.documents import dump, light, load, load_base
from andock_core.sync.merge import Lost
from andock_core.sync.plan import Agreed
from andock_core.sync.ports import Intent, Line, Settled, Work
from andock_core.vault import Label, Vault
from andock_sdk import Contact, Item
from andock_sdk.items import DOCUMENT_VERSION


def digest(uid: str) -> str:
    """A UID as 64 hexadecimal digits, to find it again without keeping it; empty stays empty."""
    return hashlib.sha256(uid.encode()).hexdigest() if uid else ""


class Seals:
    """Seals and opens one owner's values. Every method may raise SealBroken."""

    def __init__(self, vault: Vault, tenant_id: str, owner_id: str) -> None:
        self._vault = vault
        self.tenant_id = tenant_id
        self.owner_id = owner_id

    def agreed(self, pair: Pair) -> Agreed | None:
        """A pair's bases; None when only its ids are known."""
        if pair.base_local is None or pair.base_remote is None:
            return None
        return Agreed(
            kind=_kind(pair.kind),
            base_local=load_base(self._open("pair.base_local", pair.id, pair.base_local)),
            base_remote=load_base(self._open("pair.base_remote", pair.id, pair.base_remote)),
            entry_version=pair.entry_version,
            remote_version=pair.remote_version,
        )

    def keep_bases(self, pair: Pair, settled: Settled) -> None:
        """Put both bases into a pair, whose id must be set."""
        pair.base_local = self._seal("pair.base_local", pair.id, dump(light(settled.base_local)))
        pair.base_remote = self._seal("pair.base_remote", pair.id, dump(light(settled.base_remote)))
        pair.base_version = DOCUMENT_VERSION

    def cursor(self, row: Collection) -> tuple[str, str] | None:
        """A collection's cursor, and the role that it was read in."""
        if row.cursor is None:
            return None
        value = self._open("collection.cursor", row.id, row.cursor)
        return str(value["cursor"]), str(value["role"])

    def keep_cursor(self, row: Collection, cursor: str) -> None:
        """Put a cursor into a collection."""
        value = {"cursor": cursor, "role": row.role}
        row.cursor = self._seal("collection.cursor", row.id, value)

    def intent(self, row: IntentRow) -> Intent:
        """An open intent."""
        value = self._open("intent.payload", row.id, row.payload)
        return Intent(
            id=row.id,
            action=value["action"],
            work=Work(**value["work"]),
            kind=_kind(value["kind"]),
            operation_id=row.operation_id,
            expected=value["expected"],
            entry_version=value["entry_version"],
            item=_load(value["item"]),
            sent=_load(value["sent"]),
            before=_load(value["before"]),
            fields=frozenset(value["fields"]),
            lost=tuple(Lost(**lost) for lost in value["lost"]),
            reason=value["reason"],
            begun=row.created_at,
        )

    def payload(self, intent: Intent) -> bytes:
        """An intent's content, sealed."""
        work = intent.work
        value = {
            "action": intent.action,
            "work": {"ref": work.ref, "pair_id": work.pair_id, "entry_id": work.entry_id},
            "kind": intent.kind,
            "expected": intent.expected,
            "entry_version": intent.entry_version,
            "item": _dump(intent.item),
            "sent": _dump(intent.sent),
            "before": _dump(intent.before),
            "fields": sorted(intent.fields),
            "lost": _losses(intent.lost),
            "reason": intent.reason,
        }
        return self._seal("intent.payload", intent.id, value)

    def line_content(self, row_id: str, line: Line) -> bytes:
        """What a journal line tells its owner: {"before", "after", "lost"}. Of a photo that stayed
        as it was, its fingerprint is enough."""
        before, after = line.before, line.after
        if _same_photo(before, after):
            before, after = before and light(before), after and light(after)
        value = {
            "before": _dump(before),
            "after": _dump(after),
            "lost": _losses(line.lost),
        }
        return self._seal("journal_line.content", row_id, value)

    def line(self, row: JournalLine) -> dict[str, Any]:
        """A journal line's content, opened for its owner."""
        content: dict[str, Any] = {"before": None, "after": None, "lost": []}
        if row.content is not None:
            content |= self._open("journal_line.content", row.id, row.content)
        return content

    def _seal(self, kind: str, row_id: str, value: Any) -> bytes:
        return self._vault.seal_json(Label(self.tenant_id, self.owner_id, kind, row_id), value)

    def _open(self, kind: str, row_id: str, sealed: bytes) -> Any:
        label = Label(self.tenant_id, self.owner_id, kind, row_id)
        return self._vault.open_json(label, sealed)


def _same_photo(before: Item | None, after: Item | None) -> bool:
    contacts = isinstance(before, Contact) and isinstance(after, Contact)
    return contacts and getattr(before, "photo", None) == getattr(after, "photo", None)


def _kind(value: str) -> Any:
    return value if value in ("own", "converted", "planned") else "block"


def _dump(item: Item | None) -> dict[str, Any] | None:
    return None if item is None else dump(item)


def _load(value: dict[str, Any] | None) -> Item | None:
    return None if value is None else load(value)


def _losses(lost: tuple[Lost, ...]) -> list[dict[str, Any]]:
    return [{"field": one.field, "side": one.side, "value": _plain(one.value)} for one in lost]


def _plain(value: Any) -> Any:
    """A field's value as JSON."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value

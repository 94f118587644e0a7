"""Graph's ids of what lies in a mailbox: of the same things as EWS's ids, but other texts.

An item has two: one that changes when the item moves to another folder, as EWS's does, and an
immutable one (``Prefer: IdType="ImmutableId"``). Either is understood in a request. Folders and
lists have one id.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from datetime import UTC, datetime

from ..ids import FOLDER, ITEM, OCCURRENCE, Ref
from ..model import Item
from ..state import MailboxState
from ..times import instant, iso
from .errors import GraphError

_REGULAR, _IMMUTABLE = bytes.fromhex("000324003626"), bytes.fromhex("0009002e0000")
_BODY = struct.Struct(">BQQ")
_DIGEST = 12


def malformed() -> GraphError:
    """The refusal of a text that is no id."""
    return GraphError(400, "ErrorInvalidIdMalformed", "Id is malformed.")


def missing() -> GraphError:
    """The refusal of an id of something that is not there."""
    return GraphError(404, "ErrorItemNotFound", "The specified object was not found in the store.")


class GraphIds:
    """The ids of one mailbox; ``immutable`` says which ones items get."""

    def __init__(self, state: MailboxState, *, immutable: bool) -> None:
        self._state = state
        self._immutable = immutable
        key = state.ids.key
        # Immutable ids outlive a move of the mailbox to another database.
        name = f"graph {state.account.email.casefold()}".encode()
        self._guids = {
            _REGULAR: state.guid,
            _IMMUTABLE: hmac.new(key, name, hashlib.sha256).digest()[:16],
        }
        self._key = key

    def folder(self, num: int) -> str:
        """The id of a calendar, a folder of contacts or a list of tasks."""
        return self._encode(_REGULAR, FOLDER, num, 0)

    def item(self, item: Item, original: str | None = None) -> str:
        """The id of an item, or of its occurrence that the pattern puts at ``original``."""
        if self._immutable:
            return self.immutable(item, original)
        return self.regular(item, original)

    def immutable(self, item: Item, original: str | None = None) -> str:
        """The id that outlives a move."""
        return self._of(_IMMUTABLE, item.origin or item.num, original)

    def regular(self, item: Item, original: str | None = None) -> str:
        """The id that does not."""
        return self._of(_REGULAR, item.num, original)

    def _of(self, head: bytes, num: int, original: str | None) -> str:
        if original is None:
            return self._encode(head, ITEM, num, 0)
        return self._encode(head, OCCURRENCE, num, int(instant(original).timestamp()))

    def _encode(self, head: bytes, kind: int, num: int, extra: int) -> str:
        body = head + self._guids[head] + _BODY.pack(kind, num, extra)
        return base64.urlsafe_b64encode(body + self._digest(body)).decode()

    def _digest(self, body: bytes) -> bytes:
        return hmac.new(self._key, b"graph" + body, hashlib.sha256).digest()[:_DIGEST]

    def _decode(self, text: str) -> tuple[bytes, Ref]:
        try:
            raw = base64.b64decode(text, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError) as error:
            raise malformed() from error
        head, body, digest = raw[:6], raw[:-_DIGEST], raw[-_DIGEST:]
        if head not in self._guids or len(body) != 6 + 16 + _BODY.size:
            raise malformed()
        if not hmac.compare_digest(self._digest(body), digest):
            raise malformed()
        if body[6:22] != self._guids[head]:
            raise missing()
        kind, num, extra = _BODY.unpack(body[22:])
        original = iso(datetime.fromtimestamp(extra, UTC)) if kind == OCCURRENCE else None
        return head, Ref(kind, num, original)

    def find_item(self, text: str, kind: str) -> tuple[Item, str | None]:
        """The living item of a kind (``CalendarItem``) and, for an occurrence, its original
        start. GraphError. What lies in the deleted items is gone."""
        head, ref = self._decode(text)
        if ref.kind == FOLDER:
            raise malformed()
        items = self._state.items
        found = items.get(ref.num) if head == _REGULAR else self._state.by_origin(ref.num)
        if found is None or found.gone or found.kind != kind:
            raise missing()
        if self._state.folders[found.folder].distinguished == "deleteditems":
            raise missing()
        return found, ref.original

    def find_folder(self, text: str) -> int:
        """The number of a folder. GraphError when the id is none."""
        _, ref = self._decode(text)
        if ref.kind != FOLDER:
            raise malformed()
        return ref.num

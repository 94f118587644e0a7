"""What a page of the sandbox costs in a large folder against one in a small folder."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from lxml import etree

from andock_sandbox import Mailbox, Sandbox, service
from bench.measure import Bench, Row, in_turns, spent

MESSAGES = "http://schemas.microsoft.com/exchange/services/2006/messages"
TYPES = "http://schemas.microsoft.com/exchange/services/2006/types"
SMALL, LARGE, PAGE = 100, 10_000, 100
AT_ONCE = 5
"""Pages per sample: one takes a few milliseconds only."""
MOST = 2.0
NAMES = {
    "sync": "sandbox-page: SyncFolderItems, 100 of 10,000 against 100 of 100",
    "find": "sandbox-page: FindItem, 100 of 10,000 against 100 of 100",
    "sorted": "sandbox-page: FindItem by title, 100 of 10,000 against 100 of 100",
}


def envelope(operation: str) -> bytes:
    """A SOAP request around an operation's XML."""
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'
        f' xmlns:m="{MESSAGES}" xmlns:t="{TYPES}"><s:Header>'
        '<t:RequestServerVersion Version="Exchange2016"/></s:Header>'
        f"<s:Body>{operation}</s:Body></s:Envelope>"
    ).encode()


SHAPE = "<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>"
CALENDAR = '<t:DistinguishedFolderId Id="calendar"/>'


def sync(state: str) -> bytes:
    """The next page of changes."""
    token = f"<m:SyncState>{state}</m:SyncState>" if state else ""
    return envelope(
        f"<m:SyncFolderItems>{SHAPE}<m:SyncFolderId>{CALENDAR}</m:SyncFolderId>{token}"
        f"<m:MaxChangesReturned>{PAGE}</m:MaxChangesReturned></m:SyncFolderItems>"
    )


def find(offset: int, *, by_title: bool = False) -> bytes:
    """A page of the folder."""
    order = (
        '<m:SortOrder><t:FieldOrder Order="Ascending"><t:FieldURI FieldURI="item:Subject"/>'
        "</t:FieldOrder></m:SortOrder>"
    )
    return envelope(
        f'<m:FindItem Traversal="Shallow">{SHAPE}<m:IndexedPageItemView'
        f' MaxEntriesReturned="{PAGE}" Offset="{offset}" BasePoint="Beginning"/>'
        f"{order if by_title else ''}<m:ParentFolderIds>{CALENDAR}</m:ParentFolderIds></m:FindItem>"
    )


class Folder:
    """A mailbox with so many entries, asked without a network: the server's work alone."""

    def __init__(self, size: int) -> None:
        self._box = Sandbox()
        mailbox: Mailbox = self._box.add_mailbox("anna@example.test", "x")
        start = datetime(2026, 1, 1, 8, tzinfo=UTC)
        with self._box.change():
            for number in range(size):
                begin = start + timedelta(hours=number)
                title = f"Entry {number * 7919 % size:05d}"
                mailbox.add_event(mailbox.calendar, title, begin, begin + timedelta(hours=1))
        self.size = size
        state = self._box.state_of(mailbox.email)
        assert state is not None
        self._state = state
        # A page from the middle: what lies before it must be skipped, not walked.
        self.offset = (size - PAGE) // 2
        self._token = self._token_at(self.offset)

    def _token_at(self, offset: int) -> str:
        token = ""
        for _ in range(offset // PAGE):
            token = self._ask(sync(token)).findtext(f".//{{{MESSAGES}}}SyncState") or ""
        return token

    def _ask(self, body: bytes) -> etree._Element:
        answer = service.answer(self._box, self._state, service.VERSIONS["2019"], body)
        assert answer.status == 200
        return etree.fromstring(answer.body)

    def cost(self, kind: str) -> float:
        """Milliseconds of CPU of a page."""
        body = {
            "sync": sync(self._token),
            "find": find(self.offset),
            "sorted": find(self.offset, by_title=True),
        }[kind]
        version = service.VERSIONS["2019"]
        with spent() as measured:
            answers = [
                service.answer(self._box, self._state, version, body) for _ in range(AT_ONCE)
            ]
        assert all(answer.body.count(b"<t:ItemId ") == PAGE for answer in answers)
        return measured.cpu / AT_ONCE


def run() -> list[Row]:
    """One row per way of reading a page."""
    folders = {size: Folder(size) for size in (SMALL, LARGE)}
    for _ in range(2):
        for kind in NAMES:
            for folder in folders.values():
                folder.cost(kind)

    def things() -> Iterator[tuple[str, Callable[[], float]]]:
        for kind in NAMES:
            for size, folder in folders.items():
                yield f"{kind} of {size}", partial(folder.cost, kind)

    found = in_turns("ms of CPU a page", dict(things()))
    return [
        Row(
            name,
            round(found[f"{kind} of {LARGE}"], 2),
            "ms CPU",
            MOST,
            round(found[f"{kind} of {SMALL}"], 2),
        )
        for kind, name in NAMES.items()
    ]


BENCHES = (Bench("sandbox-page", tuple(NAMES.values()), run),)

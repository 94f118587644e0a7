"""Hostile answers as a whole: what the server sends, and which message the member then reads."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, repeat

from tests.hostile.rogue import XML, Reply, Twist

SYNC, READ, FIND = "SyncFolderItems", "GetItem", "FindItem"
MEGABYTE = 1024 * 1024
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%b">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12))
    + b"]>"
)
LOGIN = b"<html><head><title>Outlook</title></head><body><form action='/owa/auth.owa'></html>"


@dataclass(frozen=True)
class Case:
    """One row of the table. `key`: how the run ends ("" when it ends well)."""

    name: str
    operation: str
    twist: Twist
    key: str


def _swap(old: bytes, new: bytes) -> Twist:
    return lambda honest: honest.replace(old, new)


def _declared(honest: bytes, declaration: bytes) -> bytes:
    _, _, rest = honest.partition(b"?>")
    return declaration + rest


def _headers(*headers: str, body: bytes | None = None, status: str = "200 OK") -> Twist:
    return lambda honest: Reply(honest if body is None else body, status, (XML, *headers))


def _page(status: str, *headers: str) -> Twist:
    return lambda _: Reply(LOGIN, status, ("Content-Type: text/html", *headers))


def megabytes(count: int, opening: bytes = b"") -> Iterator[bytes]:
    """A body of that size that never rests in memory as a whole."""
    return chain([opening], repeat(b"x" * MEGABYTE, count))


def squeezed(count: int) -> bytes:
    """That many megabytes of nothing, by gzip."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([*(packer.compress(bytes(MEGABYTE)) for _ in range(count)), packer.flush()])


def _dripping(pause: float) -> Twist:
    return lambda honest: Reply((honest[n : n + 1] for n in range(len(honest))), pause=pause)


def _endless(_: bytes) -> Reply:
    return Reply(repeat(b" "), length=False, pause=0.02)


def _deep(honest: bytes) -> bytes:
    opening, closing = b"<a>" * 5000, b"</a>" * 5000
    return honest.replace(b"</m:SyncState>", b"</m:SyncState>" + opening + closing)


BROKEN, PAGE, NOT_EXCHANGE = "answer.broken", "server.login_page", "server.not_exchange"
UNREACHABLE, TIMEOUT = "server.unreachable", "server.timeout"


def _every(operation: str) -> list[Case]:
    """What may come in place of any answer."""
    rows: list[tuple[str, Callable[[bytes], Reply | bytes], str]] = [
        ("half of the XML", lambda honest: honest[: len(honest) // 2], BROKEN),
        ("an empty body", lambda _: b"", BROKEN),
        ("an entity bomb", lambda honest: _declared(honest, BOMB), BROKEN),
        (
            "a DTD from elsewhere",
            lambda h: _declared(h, b'<!DOCTYPE s SYSTEM "file:///etc/passwd">'),
            BROKEN,
        ),
        ("a login page with 200", _page("200 OK"), PAGE),
        ("a login page as XML", _headers(body=LOGIN), BROKEN),
        ("XHTML that is XML", _headers(body=b"<html><body/></html>"), BROKEN),
        ("JSON", lambda _: Reply(b'{"error": 1}', headers=("Content-Type: application/json",)),
         NOT_EXCHANGE),
        ("UTF-16 that calls itself UTF-8", lambda h: h.decode().encode("utf-16-le"), ""),
        ("an unknown charset", lambda h: _declared(h, b'<?xml version="1.0" encoding="x-1"?>'),
         BROKEN),
        ("bytes that are no UTF-8", _swap(b"</", b"\xc3\x28</"), BROKEN),
        ("NUL bytes", _swap(b"</", b"\x00</"), BROKEN),
        ("no body in the envelope", _swap(b"Body>", b"Corpus>"), BROKEN),
        ("no response messages", _swap(b"ResponseMessages>", b"Nothing>"), BROKEN),
        ("a fault without a word", _headers(
            body=b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
            b"<s:Fault/></s:Body></s:Envelope>", status="500 Error"), "transient"),
        ("a pause of a billion years", _headers("Retry-After: " + "9" * 30, status="503 Busy"),
         "throttled"),
        ("a pause of no number", _headers("Retry-After: \u00b2", status="503 Busy"), "throttled"),
        ("a pause without a zone",
         _headers("Retry-After: Wed, 25 Nov 2026 09:00:00 -0000", status="503 Busy"), "throttled"),
        ("a redirect to nowhere", _headers("Location: https://[::1", status="302 Found"),
         "server.redirects"),
        ("a header of 200 KB", _headers("X-Long: " + "x" * 200_000), UNREACHABLE),
        ("a thousand headers", _headers(*(f"X-{n}: x" for n in range(1000))), UNREACHABLE),
        ("a length that is no number",
         lambda h: Reply(h, headers=(XML, "Content-Length: many"), length=False), ""),
        ("chunks that are none",
         lambda h: Reply(h, headers=(XML, "Transfer-Encoding: chunked"), length=False),
         UNREACHABLE),
        ("gzip that is none", _headers("Content-Encoding: gzip"), UNREACHABLE),
        ("gzip, honestly",
         lambda h: Reply(gzip.compress(h), headers=(XML, "Content-Encoding: gzip")), ""),
        ("a status of nine digits", _headers(status="999999999 What"), UNREACHABLE),
        ("a status that moves", _headers(status="204 No Content", body=b""), "server.error"),
        ("a drip that never ends", _endless, TIMEOUT),
        ("an honest answer, byte by byte", _dripping(0.05), TIMEOUT),
    ]  # fmt: skip
    return [Case(f"{operation}: {name}", operation, twist, key) for name, twist, key in rows]


_STATE = b"</m:SyncState>"

TABLE = [
    *_every(SYNC),
    Case("sync: no SyncState", SYNC, _swap(b"SyncState>", b"Other>"), BROKEN),
    Case("sync: nothing says whether it is the last page", SYNC,
         _swap(b"IncludesLastItemInRange>", b"Other>"), BROKEN),
    Case("sync: the last page is 'perhaps'", SYNC,
         _swap(b"LastItemInRange>true<", b"LastItemInRange>perhaps<"), BROKEN),
    Case("sync: never the last page", SYNC,
         _swap(b"LastItemInRange>true<", b"LastItemInRange>false<"), BROKEN),
    Case("sync: an empty change", SYNC,
         _swap(b"<m:Changes", b"<m:Changes><t:Create/></m:Changes><m:Changes"), ""),
    Case("sync: tags 5,000 deep", SYNC, _deep, BROKEN),
    Case("sync: a SyncState of 1 MB", SYNC, _swap(_STATE, b"A" * MEGABYTE + _STATE), ""),
    Case("sync: a text of 12 MB", SYNC, _swap(_STATE, b"A" * 12 * MEGABYTE + _STATE), BROKEN),
    Case("sync: an unknown code", SYNC, _swap(b">NoError<", b">ErrorOfAllErrors<"), "transient"),
    Case("sync: two answers for one", SYNC,
         _swap(b"</m:ResponseMessages>", b"<m:Another/></m:ResponseMessages>"), BROKEN),
]  # fmt: skip

"""What a planned fault does to an answer (see ``faults``)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from . import service
from .faults import Fault

if TYPE_CHECKING:
    from .handler import Handler

_XML = "text/xml; charset=utf-8"
_HTML = "text/html; charset=utf-8"
LOGIN = b"<html><body><form action='/owa/auth.owa'>Sign in to continue</form></body></html>"
_OTHER = b'<?xml version="1.0"?><status xmlns="urn:maintenance">Back at five</status>'
_DRIPS = 20


def instead(handler: Handler, fault: Fault) -> None:
    """Answer in place of the server: nothing of the request is carried out."""
    if fault.kind == "reset":
        handler.drop()
    elif fault.kind == "login-page":
        handler.send(200, LOGIN, _HTML)
    elif fault.kind == "wrong-xml":
        handler.send(200, _OTHER, _XML)
    elif fault.kind == "401":
        handler.refuse(handler.server.doorkeeper.refusal())
    elif fault.kind.startswith("Error"):
        handler.send(500, service.busy(fault.kind, fault.backoff_ms), _XML)
    else:
        wait = [("Retry-After", fault.retry_after)] if fault.retry_after else []
        handler.send(int(fault.kind), b"", _HTML, wait)


def spoil(
    handler: Handler,
    fault: Fault,
    status: int,
    body: bytes,
    content_type: str = _XML,
    headers: list[tuple[str, str]] | None = None,
) -> None:
    """Spoil the answer to a request that was carried out."""
    match fault.kind:
        case "lost-answer":
            handler.drop()
        case "reset-mid-body":
            handler.send(status, body, content_type, headers, cut=len(body) // 2)
            # What has left must reach the client before the reset tells it to forget.
            time.sleep(0.05)
            handler.drop()
        case "truncated":
            handler.send(status, body, content_type, headers, cut=len(body) // 2)
        case "broken-xml":
            broken = body.replace(b"</", b"<", 1) if content_type == _XML else body[:-1] + b","
            handler.send(status, broken, content_type, headers)
        case "drip":
            step = max(1, len(body) // _DRIPS)
            pieces = [body[at : at + step] for at in range(0, len(body), step)] or [b""]
            handler.send(status, body, content_type, headers, cut=0, keep=True)
            for piece in pieces:
                time.sleep(fault.seconds / len(pieces))
                handler.send_more(piece)
        case _:
            time.sleep(fault.seconds)
            handler.send(status, body, content_type, headers)

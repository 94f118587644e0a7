"""Graph and the identity platform on an https connection: faults around their answers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from . import cloud, spoiling
from .cloud import Reply, Request
from .faults import GRAPH, ON_GRAPH, SIGN_IN, Fault
from .graph.service import Service, rewritten
from .identity import service as identity

if TYPE_CHECKING:
    from .handler import Handler

_SELF = ("reset", "login-page", "wrong-xml")


def serve(handler: Handler, body: bytes) -> None:
    """Answer a request to Microsoft's side."""
    parts = urlsplit(handler.path)
    host = handler.headers.get("Host") or urlsplit(handler.server.public_url).netloc
    request = Request(
        handler.command,
        parts.path,
        parts.query,
        _headers(handler),
        body,
        f"https://{host}",
    )
    if cloud.is_identity(parts.path):
        _serve_identity(handler, request)
    elif parts.path.startswith("/beta/"):
        _send(handler, Reply(404))
    else:
        _serve_graph(handler, request)


def _headers(handler: Handler) -> dict[str, str]:
    """By lower-case names; of one that was sent twice (Prefer) both values count."""
    made: dict[str, str] = {}
    for name, value in handler.headers.items():
        low = name.lower()
        made[low] = f"{made[low]}, {value}" if low in made else value
    return made


def _send(handler: Handler, made: Reply) -> None:
    handler.send(made.status, made.body, made.content_type, list(made.headers))


def _serve_identity(handler: Handler, request: Request) -> None:
    box = handler.server.box
    fault = box.faults.take(identity.operation_of(request.path) or SIGN_IN, "")
    if fault is not None and fault.kind.isdecimal():
        _send(handler, identity.unavailable(int(fault.kind), fault.retry_after))
        return
    if fault is not None and not fault.is_after:
        spoiling.instead(handler, fault)
        return
    made = identity.answer(box, request)
    if fault is None:
        _send(handler, made)
    else:
        headers = list(made.headers)
        spoiling.spoil(handler, fault, made.status, made.body, made.content_type, headers)


def _serve_graph(handler: Handler, request: Request) -> None:
    box = handler.server.box
    early = box.faults.take(SIGN_IN, "")
    service = Service(box, request, handler.server.owner.on_graph)
    if early is not None and early.kind in ("slow", "drip"):
        time.sleep(early.seconds)
    elif early is not None:
        _instead(handler, service, early)
        return
    refusal = service.admit()
    if refusal is not None:
        _send(handler, refusal)
        return
    if not box.cloud.begin(service.mailbox, service.client_id):
        _send(handler, service.fail(Fault(service.operation, "429", retry_after="1")))
        return
    try:
        _answer(handler, service)
    finally:
        box.cloud.finish(service.mailbox, service.client_id)


def _answer(handler: Handler, service: Service) -> None:
    box = handler.server.box
    fault = box.faults.take(service.operation, service.mailbox, also=GRAPH)
    if fault is not None and not fault.is_after:
        _instead(handler, service, fault)
        return
    made = service.answer()
    if fault is not None and fault.kind in ON_GRAPH:
        made, fault = rewritten(made, fault.kind), None
    reply = service.reply(made)
    if fault is None:
        _send(handler, reply)
    else:
        headers = list(reply.headers)
        spoiling.spoil(handler, fault, reply.status, reply.body, reply.content_type, headers)


def _instead(handler: Handler, service: Service, fault: Fault) -> None:
    if fault.kind in _SELF or fault.is_after:
        spoiling.instead(handler, fault)
    else:
        _send(handler, service.fail(fault))

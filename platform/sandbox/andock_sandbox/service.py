"""One EWS request from its bytes to the answer's bytes; knows nothing of sockets."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from dataclasses import dataclass

from . import schema, soap, versions, zones
from .errors import EwsError, RequestFault
from .operations import HANDLERS, Call
from .sandbox import Sandbox
from .soap import Element, child, local
from .state import MailboxState
from .versions import VERSIONS, Version

__all__ = ["VERSIONS", "Answer", "Version", "answer", "busy", "operation_of"]


@dataclass(frozen=True)
class Answer:
    """The status and body of an answer, and the operation it belongs to (empty: unknown).

    With ``stream`` the body is empty and comes bit by bit, an envelope each, for as long as the
    client holds on."""

    status: int
    body: bytes
    operation: str = ""
    stream: Iterator[bytes] | None = None


def operation_of(body: bytes) -> str:
    """The operation that a request names; empty when it is no request."""
    try:
        return _operation(soap.parts(soap.parse(body))[1])
    except RequestFault:
        return ""


def answer(box: Sandbox, state: MailboxState, version: Version, body: bytes) -> Answer:
    """Carry out one request of a signed-in owner."""
    operation = ""
    try:
        header, request = soap.parts(soap.parse(body))
        operation = _operation(request)
        zone_name, spoken = _read_header(header, state, version)
        handler = HANDLERS.get(operation)
        if handler is None or soap.name(request) != f"m:{local(request)}":
            raise RequestFault(
                "ErrorInvalidRequest", f"The sandbox does not know the operation {operation}."
            )
        versions.check_operation(operation, version.generation, spoken)
        schema.check(request, local(request))
        versions.check_request(request, version.generation)
        with box.change():
            content = handler(Call(box, state, request, spoken, zone_name))
        if isinstance(content, Iterator):
            parts = (soap.envelope(version.info, part) for part in content)
            return Answer(200, b"", operation, parts)
        return Answer(200, soap.envelope(version.info, content), operation)
    except EwsError as error:
        return Answer(500, soap.fault(error), operation)
    except Exception:
        # A mistake of the sandbox's own: the client sees what it would see of Exchange's.
        traceback.print_exc()
        return Answer(500, soap.fault(RequestFault("ErrorInternalServerError")), operation)


def _operation(request: Element) -> str:
    """The operation that an element stands for: most are named alike, some end in Request."""
    return local(request).removesuffix("Request")


def busy(code: str, backoff_ms: int | None) -> bytes:
    """The fault of a server that refuses for now; ``backoff_ms`` None leaves the hint out."""
    error = RequestFault(code)
    if backoff_ms is not None:
        error.values["BackOffMilliseconds"] = str(backoff_ms)
    return soap.fault(error)


def _read_header(header: Element | None, state: MailboxState, version: Version) -> tuple[str, int]:
    """Check the SOAP header: (the Windows zone of the request's TimeZoneContext, the generation
    of server that the request wants to speak with)."""
    spoken = versions.generation_of(versions.DEFAULT_SCHEMA)
    if header is None:
        return "UTC", spoken
    versions.check_request(header, version.generation)
    wanted = child(header, "RequestServerVersion")
    if wanted is not None:
        schema.check(wanted, "RequestServerVersion")
        if wanted.get("Version") not in version.schemas:
            raise RequestFault("ErrorInvalidServerVersion")
        spoken = versions.generation_of(wanted.get("Version", ""))
    other = child(header, "ExchangeImpersonation")
    if other is not None:
        schema.check(other, "ExchangeImpersonation")
        address = (other[0][0].text or "").strip()
        if address.casefold() != state.account.email.casefold():
            raise RequestFault("ErrorImpersonateUserDenied")
    context = child(header, "TimeZoneContext")
    if context is None:
        return "UTC", spoken
    schema.check(context, "TimeZoneContext")
    known = context[0].get("Id", "")
    if zones.find(known) is None:
        raise RequestFault("ErrorTimeZone", f"No such time zone: {known}")
    return known, spoken

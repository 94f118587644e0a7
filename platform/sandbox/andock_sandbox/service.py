"""One EWS request from its bytes to the answer's bytes; knows nothing of sockets."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from dataclasses import dataclass

from . import schema, soap, zones
from .errors import EwsError, RequestFault
from .operations import HANDLERS, Call
from .sandbox import Sandbox
from .soap import Element, child, local
from .state import MailboxState


@dataclass(frozen=True)
class Version:
    """A server version: its generation, what it calls itself, and which schemas it speaks."""

    generation: int
    info: dict[str, str]
    schemas: frozenset[str]


def _info(major: int, minor: int, build: int, named: str) -> dict[str, str]:
    return {
        "MajorVersion": str(major),
        "MinorVersion": str(minor),
        "MajorBuildNumber": str(build),
        "MinorBuildNumber": "0",
        "Version": named,
    }


_2007 = frozenset({"Exchange2007", "Exchange2007_SP1"})
_2010 = _2007 | {"Exchange2009", "Exchange2010", "Exchange2010_SP1", "Exchange2010_SP2"}
_2013 = _2010 | {"Exchange2012", "Exchange2013", "Exchange2013_SP1"}
_2016 = _2013 | {
    "Exchange2015",
    "Exchange2016",
    "V2015_10_05",
    "V2016_01_06",
    "V2016_04_13",
    "V2016_07_13",
    "V2016_10_10",
}
VERSIONS = {
    "2007": Version(7, _info(8, 3, 485, "Exchange2007_SP1"), _2007),
    "2010_SP2": Version(10, _info(14, 3, 513, "Exchange2010_SP2"), _2010),
    "2013_SP1": Version(13, _info(15, 0, 1497, "V2_23"), _2013),
    "2016": Version(16, _info(15, 1, 2507, "V2017_07_11"), _2016),
    "2019": Version(19, _info(15, 2, 1544, "V2017_07_11"), _2016),
}
DEFAULT_SCHEMA = "Exchange2007"


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
        zone_name = _read_header(header, state, version)
        handler = HANDLERS.get(operation)
        if handler is None or soap.name(request) != f"m:{local(request)}":
            raise RequestFault(
                "ErrorInvalidRequest", f"The sandbox does not know the operation {operation}."
            )
        schema.check(request, local(request))
        with box.change():
            content = handler(Call(box, state, request, version.generation, zone_name))
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


def _read_header(header: Element | None, state: MailboxState, version: Version) -> str:
    """Check the SOAP header; the Windows zone of the request's TimeZoneContext."""
    if header is None:
        return "UTC"
    wanted = child(header, "RequestServerVersion")
    if wanted is not None:
        schema.check(wanted, "RequestServerVersion")
        if wanted.get("Version") not in version.schemas:
            raise RequestFault("ErrorInvalidServerVersion")
    other = child(header, "ExchangeImpersonation")
    if other is not None:
        schema.check(other, "ExchangeImpersonation")
        address = (other[0][0].text or "").strip()
        if address.casefold() != state.account.email.casefold():
            raise RequestFault("ErrorImpersonateUserDenied")
    context = child(header, "TimeZoneContext")
    if context is None:
        return "UTC"
    schema.check(context, "TimeZoneContext")
    known = context[0].get("Id", "")
    if zones.find(known) is None:
        raise RequestFault("ErrorTimeZone", f"No such time zone: {known}")
    return known

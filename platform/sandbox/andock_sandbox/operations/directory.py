"""ResolveNames, ConvertId and GetServerTimeZones."""

from __future__ import annotations

import base64
from urllib.parse import quote, unquote

from .. import entries, soap, transitions, values, zones
from ..errors import EwsError
from ..soap import Element, add, children, local
from ..values import text_of
from .context import Call, reporting

_MOST = 100
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


def resolve_names(call: Call) -> Element:
    """The people whose name or address begins with the entry, from the sandbox's mailboxes.

    One is a success, several a warning (at most 100), none an error.
    """
    root, messages = soap.message_root("ResolveNames")
    entry = text_of(call.need("UnresolvedEntry")).strip()
    with reporting(messages, "ResolveNames"):
        people = _people(call, entry.casefold().removeprefix("smtp:").lstrip("="))
        if not people:
            raise EwsError("ErrorNameResolutionNoResults")
        if len(people) > 1:
            error = EwsError("ErrorNameResolutionMultipleResults")
            message = soap.failure(messages, "ResolveNames", error, "Warning")
        else:
            message = soap.success(messages, "ResolveNames")
        found = add(
            message,
            "m:ResolutionSet",
            TotalItemsInView=str(len(people)),
            IncludesLastItemInRange="true" if len(people) <= _MOST else "false",
        )
        full = call.request.get("ReturnFullContactData") in ("true", "1")
        for name, email in people[:_MOST]:
            resolution = add(found, "t:Resolution")
            values.write_mailbox(resolution, entries.person(name, email))
            if full:
                contact = add(resolution, "t:Contact")
                add(contact, "t:DisplayName", name)
                values.write(
                    contact, "EmailAddresses", "emails", {"EmailAddress1": {"Address": email}}
                )
                add(contact, "t:ContactSource", "ActiveDirectory")
    return root


def _people(call: Call, wanted: str) -> list[tuple[str, str]]:
    made = []
    for mailbox in call.box.mailboxes:
        words = [mailbox.email, mailbox.name, *mailbox.name.split(), mailbox.login.split("\\")[-1]]
        if wanted and any(word.casefold().startswith(wanted) for word in words):
            made.append((mailbox.name, mailbox.email))
    return made


def convert_id(call: Call) -> Element:
    """The same ids in another format."""
    root, messages = soap.message_root("ConvertId")
    wanted = call.request.get("DestinationFormat", "EwsId")
    for element in children(call.need("SourceIds")):
        with reporting(messages, "ConvertId"):
            if local(element) != "AlternateId":
                raise EwsError("ErrorInvalidOperation")
            raw = _raw_id(element.get("Id", ""), element.get("Format", ""))
            call.state.ids.decode(base64.b64encode(raw).decode())
            # The id says whose it is: Exchange does not hold the given address against it, and
            # clients learn the mailbox's own address this way.
            mailbox = call.state.account.email
            message = soap.success(messages, "ConvertId")
            made = add(
                message,
                "m:AlternateId",
                Format=wanted,
                Id=_formatted(raw, wanted),
                Mailbox=mailbox,
            )
            made.set(_TYPE, "t:AlternateIdType")
    return root


def _raw_id(text: str, form: str) -> bytes:
    try:
        if form == "HexEntryId":
            return bytes.fromhex(text)
        return base64.b64decode(unquote(text) if form == "OwaId" else text, validate=True)
    except ValueError as error:
        raise EwsError("ErrorInvalidIdMalformed") from error


def _formatted(raw: bytes, form: str) -> str:
    if form == "HexEntryId":
        return raw.hex().upper()
    text = base64.b64encode(raw).decode()
    return quote(text, safe="") if form == "OwaId" else text


def server_time_zones(call: Call) -> Element:
    """The definitions of the given Windows zones (all, when none is given). An unknown id is
    left out, as on Exchange."""
    root, messages = soap.message_root("GetServerTimeZones")
    wanted = call.part("Ids")
    names = (
        [text_of(entry).strip() for entry in children(wanted)]
        if wanted is not None
        else list(zones.IANA)
    )
    full = call.request.get("ReturnFullTimeZoneData", "true") in ("true", "1")
    message = soap.success(messages, "GetServerTimeZones")
    holder = add(message, "m:TimeZoneDefinitions")
    for name in names:
        if zones.find(name) is not None:
            transitions.write(holder, "t:TimeZoneDefinition", name, full=full)
    return root

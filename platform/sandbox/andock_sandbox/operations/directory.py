"""ResolveNames, ExpandDL, ConvertId and GetServerTimeZones."""

from __future__ import annotations

import base64
from urllib.parse import quote, unquote

from .. import entries, soap, transitions, values, views, zones
from ..errors import EwsError
from ..model import Json
from ..soap import Element, add, child, children, local
from ..values import text_of
from .context import Call, reporting

_MOST = 100
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


def resolve_names(call: Call) -> Element:
    """The people whose name or address begins with the entry, from the sandbox's mailboxes
    and distribution lists.

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
        for person in people[:_MOST]:
            resolution = add(found, "t:Resolution")
            values.write_mailbox(resolution, person)
            if full:
                contact = add(resolution, "t:Contact")
                add(contact, "t:DisplayName", person["Name"])
                address = {"EmailAddress1": {"Address": person["EmailAddress"]}}
                values.write(contact, "EmailAddresses", "emails", address)
                add(contact, "t:ContactSource", "ActiveDirectory")
    return root


def _people(call: Call, wanted: str) -> list[Json]:
    made = []
    for mailbox in call.box.mailboxes:
        words = [mailbox.email, mailbox.name, *mailbox.name.split(), mailbox.login.split("\\")[-1]]
        if wanted and any(word.casefold().startswith(wanted) for word in words):
            made.append(entries.person(mailbox.name, mailbox.email))
    for group in call.box.groups.values():
        words = [group.email, group.name, *group.name.split()]
        if wanted and any(word.casefold().startswith(wanted) for word in words):
            made.append(entries.person(group.name, group.email, "PublicDL"))
    return made


def expand_list(call: Call) -> Element:
    """The members of a distribution list, one level deep: one of the organisation by its address,
    one of the mailbox by its item id."""
    root, messages = soap.message_root("ExpandDL")
    with reporting(messages, "ExpandDL"):
        members = _members(call, call.need("Mailbox"))
        message = soap.success(messages, "ExpandDL")
        holder = add(
            message,
            "m:DLExpansion",
            TotalItemsInView=str(len(members)),
            IncludesLastItemInRange="true",
        )
        for member in members:
            values.write_mailbox(holder, member)
    return root


def _members(call: Call, asked: Element) -> list[Json]:
    known = child(asked, "ItemId")
    if known is not None:
        view = views.find(call.state, known.get("Id", ""))
        if view.item.kind != "DistributionList":
            raise EwsError("ErrorInvalidItemForOperationExpandDL")
        return [member["mailbox"] for member in view.props.get("Members") or []]
    address = text_of(asked, "EmailAddress").strip() or text_of(asked, "Name").strip()
    group = call.box.groups.get(address.casefold().removeprefix("smtp:"))
    if group is None:
        raise EwsError("ErrorNameResolutionNoResults")
    made = []
    for member in group.members:
        inner, state = call.box.groups.get(member.casefold()), call.box.state_of(member)
        name = inner.name if inner else state.account.name if state else member
        kind = "PublicDL" if inner else "Mailbox" if state else "OneOff"
        made.append(entries.person(name, member, kind))
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

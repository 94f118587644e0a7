"""What the pages' forms and scripts may do: an action by name, with text fields.

A ValueError or EwsError says what was wrong with the fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

from .. import zones
from ..faults import ANY
from ..mailbox import Mailbox
from ..model import Json
from ..sandbox import Sandbox
from . import cloud_actions

if TYPE_CHECKING:
    from ..server import SandboxServer

Fields: TypeAlias = Mapping[str, str]
Action: TypeAlias = Callable[[Sandbox, "SandboxServer", Fields], Json]


def state(box: Sandbox, server: SandboxServer) -> Json:
    """Everything that the control page shows, as JSON."""
    return {
        "server": {
            "ews_url": server.ews_url,
            "certificate": server.certificate,
            "auth": list(server.doorkeeper.offered),
            "extended_protection": server.extended_protection,
        },
        "mailboxes": [{"email": one.email, "name": one.name} for one in box.mailboxes],
        "faults": [asdict(fault) for fault in box.faults.planned],
        "outbox": [asdict(mail) for mail in box.outbox],
        "sign_ins": [asdict(attempt) for attempt in box.sign_ins[-20:]],
        "microsoft": cloud_actions.state(box, server),
    }


def mailbox_state(mailbox: Mailbox) -> Json:
    """A mailbox's entries and contacts as JSON."""
    return {
        "email": mailbox.email,
        "events": mailbox.events(),
        "contacts": mailbox.address_book.all(),
    }


def _number(fields: Fields, name: str) -> int | None:
    text = fields.get(name, "").strip()
    return int(text) if text else None


def _plan(box: Sandbox, server: SandboxServer, fields: Fields) -> Json:
    fault = box.fail_next(
        fields.get("operation") or ANY,
        fields.get("kind", "503"),
        mailbox=fields.get("mailbox") or None,
        times=_number(fields, "times") if "times" in fields else 1,
        backoff_ms=_number(fields, "backoff_ms"),
        retry_after=fields.get("retry_after") or None,
        seconds=float(fields.get("seconds") or 0),
    )
    return asdict(fault)


def _clear(box: Sandbox, server: SandboxServer, fields: Fields) -> Json:
    box.faults.clear(_number(fields, "num"))
    return {}


def _behave(box: Sandbox, server: SandboxServer, fields: Fields) -> Json:
    offered = tuple(name for name in ("basic", "ntlm", "bearer") if fields.get(name))
    if not offered:
        raise ValueError("at least one way to sign in must be offered")
    server.behave(
        auth=offered,
        certificate=fields.get("certificate") or None,
        extended_protection=bool(fields.get("extended_protection")),
    )
    return state(box, server)["server"]


def _lose(box: Sandbox, server: SandboxServer, fields: Fields) -> Json:
    box.lose_sync_state(_mailbox(box, fields))
    return {}


def _renumber(box: Sandbox, server: SandboxServer, fields: Fields) -> Json:
    box.renumber_ids(_mailbox(box, fields))
    return {}


def _issue(box: Sandbox, server: SandboxServer, fields: Fields) -> Json:
    seconds = float(fields.get("seconds") or 3600)
    return {"token": box.bearer(_mailbox(box, fields), seconds), "seconds": seconds}


def _mailbox(box: Sandbox, fields: Fields) -> Mailbox:
    try:
        return box.mailbox(fields.get("mailbox", ""))
    except KeyError:
        raise ValueError(f"no such mailbox: {fields.get('mailbox', '')}") from None


def zone_of(mailbox: Mailbox) -> ZoneInfo:
    """The zone of a mailbox's wall times."""
    found = zones.find(mailbox.zone)
    return found if isinstance(found, ZoneInfo) else ZoneInfo("UTC")


def _times(mailbox: Mailbox, fields: Fields) -> tuple[datetime, datetime]:
    zone = zone_of(mailbox)
    start, end = (datetime.fromisoformat(fields.get(name, "")) for name in ("start", "end"))
    if end < start:
        raise ValueError("the end is before the start")
    return tuple(  # type: ignore[return-value]
        moment if moment.tzinfo else moment.replace(tzinfo=zone).astimezone(UTC)
        for moment in (start, end)
    )


def _entry(mailbox: Mailbox, fields: Fields) -> dict[str, object]:
    start, end = _times(mailbox, fields)
    return {
        "subject": fields.get("subject", ""),
        "start": start,
        "end": end,
        "location": fields.get("location", ""),
        "sensitivity": "Private" if fields.get("private") else "Normal",
    }


def _add_entry(box: Sandbox, server: SandboxServer, fields: Fields) -> Json:
    mailbox = _mailbox(box, fields)
    made = _entry(mailbox, fields)
    start, end = made.pop("start"), made.pop("end")
    folder = fields.get("calendar") or mailbox.calendar
    whole = bool(fields.get("all_day"))
    if whole and isinstance(start, datetime) and isinstance(end, datetime):
        zone = zone_of(mailbox)
        start, end = start.astimezone(zone).date(), end.astimezone(zone).date()
        end = max(end, date.fromordinal(start.toordinal() + 1))
    item_id = mailbox.add_event(
        folder,
        str(made["subject"]),
        start,  # type: ignore[arg-type]
        end,  # type: ignore[arg-type]
        location=str(made["location"]),
        sensitivity=str(made["sensitivity"]),
        zone=mailbox.zone,
        send="SendToAllAndSaveCopy",
    )
    return {"id": item_id}


def _change_entry(box: Sandbox, server: SandboxServer, fields: Fields) -> Json:
    mailbox = _mailbox(box, fields)
    mailbox.update_event(
        fields.get("id", ""), send="SendToAllAndSaveCopy", **_entry(mailbox, fields)
    )
    return {}


def _delete_entry(box: Sandbox, server: SandboxServer, fields: Fields) -> Json:
    _mailbox(box, fields).delete_event(fields.get("id", ""), send="SendToAllAndSaveCopy")
    return {}


def _person(fields: Fields, held: Mapping[str, Json]) -> dict[str, Json]:
    """The keywords of the address book; other addresses and numbers stay as they are."""
    emails = {
        slot: (entry.get("Name", ""), entry["Address"])
        for slot, entry in (held.get("EmailAddresses") or {}).items()
        if entry.get("Address")
    }
    phones = dict(held.get("PhoneNumbers") or {})
    emails.pop("EmailAddress1", None)
    phones.pop("MobilePhone", None)
    if fields.get("email"):
        emails["EmailAddress1"] = (fields["email"], fields["email"])
    if fields.get("mobile"):
        phones["MobilePhone"] = fields["mobile"]
    given, surname = fields.get("given", ""), fields.get("surname", "")
    return {
        "given_name": given,
        "surname": surname,
        "display_name": f"{given} {surname}".strip(),
        "company_name": fields.get("company", ""),
        "emails": emails,
        "phones": phones,
    }


def _add_contact(box: Sandbox, server: SandboxServer, fields: Fields) -> Json:
    book = _mailbox(box, fields).address_book
    return {"id": book.add(book.default, **_person(fields, {}))}


def _change_contact(box: Sandbox, server: SandboxServer, fields: Fields) -> Json:
    book, wanted = _mailbox(box, fields).address_book, fields.get("id", "")
    held: Json = next((one["props"] for one in book.all() if one["id"] == wanted), {})
    book.update(wanted, **_person(fields, held))
    return {}


def _delete_contact(box: Sandbox, server: SandboxServer, fields: Fields) -> Json:
    _mailbox(box, fields).address_book.delete(fields.get("id", ""))
    return {}


ACTIONS: dict[str, Action] = {
    "plan-fault": _plan,
    "clear-faults": _clear,
    "behave": _behave,
    "lose-sync-state": _lose,
    "renumber-ids": _renumber,
    "issue-token": _issue,
    "require-approval": cloud_actions.require_approval,
    "approve-app": cloud_actions.approve_app,
    "make-admin": cloud_actions.make_admin,
    "revoke-access": cloud_actions.revoke_access,
    "withdraw-consent": cloud_actions.withdraw_consent,
    "register-app": cloud_actions.register_app,
    "lifecycle-notice": cloud_actions.lifecycle_notice,
    "token-life": cloud_actions.token_life,
    "add-entry": _add_entry,
    "change-entry": _change_entry,
    "delete-entry": _delete_entry,
    "add-contact": _add_contact,
    "change-contact": _change_contact,
    "delete-contact": _delete_contact,
}

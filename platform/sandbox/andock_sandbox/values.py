"""Property values between XML and JSON, one reader and one writer per type.

Readers assume an element that has passed ``schema``; writers make exactly what the schema of
the answers asks for.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, tzinfo

from . import times, transitions, zones
from .model import Json
from .recurrence import Rule
from .soap import Element, add, child, children, local

_ADDRESS_PARTS = ("Street", "City", "State", "CountryOrRegion", "PostalCode")
# The order of elements in a recurrence pattern; each pattern has some of them.
_PATTERN_PARTS = (
    "Interval",
    "DaysOfWeek",
    "DayOfWeekIndex",
    "DayOfMonth",
    "Month",
    "FirstDayOfWeek",
)
_NUMBERS = {"Interval", "DayOfMonth", "NumberOfOccurrences"}


def text_of(element: Element, wanted: str = "") -> str:
    """The text of an element or of its named child, empty when there is none."""
    found = child(element, wanted) if wanted else element
    return (found.text or "") if found is not None else ""


def read_mailbox(element: Element) -> Json:
    """A Mailbox element: name, address, routing and kind."""
    address = text_of(element, "EmailAddress")
    return {
        "Name": text_of(element, "Name") or address,
        "EmailAddress": address,
        "RoutingType": text_of(element, "RoutingType") or "SMTP",
        "MailboxType": text_of(element, "MailboxType") or "Mailbox",
    }


def _read_recipient(element: Element) -> Json:
    found = child(element, "Mailbox")
    return read_mailbox(found) if found is not None else None


def _read_attendees(element: Element) -> Json:
    made = []
    for attendee in children(element):
        mailbox = child(attendee, "Mailbox")
        if mailbox is not None:
            made.append({"mailbox": read_mailbox(mailbox), "response": "Unknown", "replied": None})
    return made


def read_recurrence(element: Element) -> Rule:
    """A Recurrence element as a rule (see ``recurrence``)."""
    pattern, span = children(element)
    rule: Rule = {"pattern": local(pattern), "range": local(span)}
    for part in [*children(pattern), *children(span)]:
        key, text = local(part), (part.text or "").strip()
        if key == "DaysOfWeek":
            rule[key] = text.split()
        else:
            # A date may carry a zone suffix, which means nothing for a range.
            rule[key] = int(text) if key in _NUMBERS else text[:10] if "Date" in key else text
    return rule


def _read_entries(element: Element) -> Json:
    return {entry.get("Key", ""): entry.text or "" for entry in children(element)}


def _read_emails(element: Element) -> Json:
    """Each address with its name (the address itself when there is none) and its routing."""
    return {
        entry.get("Key", ""): {
            "Address": entry.text or "",
            "Name": entry.get("Name") or entry.text or "",
            "RoutingType": entry.get("RoutingType") or "SMTP",
            "MailboxType": entry.get("MailboxType") or "Contact",
        }
        for entry in children(element)
    }


def _read_addresses(element: Element) -> Json:
    return {
        entry.get("Key", ""): {local(part): part.text or "" for part in children(entry)}
        for entry in children(element)
    }


def _read_zone(element: Element) -> Json:
    known = element.get("Id", "")
    return {"Id": known, "Name": element.get("Name") or zones.display_name(known)}


def _read_members(element: Element) -> Json:
    found = [(member, child(member, "Mailbox")) for member in children(element)]
    return [
        {
            "Key": member.get("Key") or f"OneOff-{number}",
            "mailbox": read_mailbox(mailbox),
            "Status": text_of(member, "Status") or "Normal",
        }
        for number, (member, mailbox) in enumerate(found)
        if mailbox is not None
    ]


_READERS: dict[str, Callable[[Element], Json]] = {
    "string": text_of,
    "bool": lambda element: text_of(element).strip() in ("true", "1"),
    "int": lambda element: int(text_of(element)),
    "minutes": lambda element: int(text_of(element)),
    "double": lambda element: float(text_of(element)),
    "strings": lambda element: [entry.text or "" for entry in children(element)],
    "body": lambda element: {"type": element.get("BodyType", "Text"), "text": element.text or ""},
    "recipient": _read_recipient,
    "recipients": lambda element: [read_mailbox(entry) for entry in children(element)],
    "attendees": _read_attendees,
    "members": _read_members,
    "recurrence": read_recurrence,
    "taskrecurrence": read_recurrence,
    "zone": _read_zone,
    "oldzone": lambda element: element.get("TimeZoneName", ""),
    "emails": _read_emails,
    "phones": _read_entries,
    "ims": _read_entries,
    "addresses": _read_addresses,
}


def read(kind: str, element: Element, zone: tzinfo = UTC) -> Json:
    """The JSON value of a property element of a type; bare times are in ``zone``."""
    if kind == "dateTime":
        return times.read(text_of(element), zone)
    reader = _READERS.get(kind)
    return reader(element) if reader else text_of(element).strip()


def write_mailbox(parent: Element, value: Json, tag: str = "Mailbox") -> None:
    """A Mailbox element of what ``read_mailbox`` gave."""
    made = add(parent, tag)
    for part in ("Name", "EmailAddress", "RoutingType", "MailboxType"):
        if value.get(part):
            add(made, part, value[part])


def _write_attendees(parent: Element, name: str, value: Json) -> None:
    holder = add(parent, name)
    for attendee in value:
        made = add(holder, "Attendee")
        write_mailbox(made, attendee["mailbox"])
        add(made, "ResponseType", attendee.get("response") or "Unknown")
        if attendee.get("replied"):
            add(made, "LastResponseTime", attendee["replied"])


def _write_recurrence(parent: Element, name: str, rule: Rule, suffix: str = "") -> None:
    made = add(parent, name)
    pattern = add(made, rule["pattern"])
    for key in _PATTERN_PARTS:
        if key in rule:
            value = rule[key]
            add(pattern, key, " ".join(value) if isinstance(value, list) else value)
    span = add(made, rule["range"])
    for key in ("StartDate", "EndDate"):
        if key in rule:
            add(span, key, rule[key] + suffix)
    if "NumberOfOccurrences" in rule:
        add(span, "NumberOfOccurrences", rule["NumberOfOccurrences"])


def _write_task_recurrence(parent: Element, name: str, rule: Rule) -> None:
    # The days of a task's range carry a zone, those of a calendar entry's do not.
    _write_recurrence(parent, name, rule, "Z")


def _write_strings(parent: Element, name: str, value: Json) -> None:
    holder = add(parent, name)
    for entry in value:
        add(holder, "String", entry)


def _write_entries(parent: Element, name: str, value: Json) -> None:
    holder = add(parent, name)
    for key, entry in value.items():
        made = add(holder, "Entry", None if isinstance(entry, dict) else entry, Key=key)
        if isinstance(entry, dict):
            for part in _ADDRESS_PARTS:
                if part in entry:
                    add(made, part, entry[part])


def _write_emails(parent: Element, name: str, value: Json) -> None:
    holder = add(parent, name)
    for key, entry in value.items():
        about = {part: text for part, text in entry.items() if part != "Address" and text}
        add(holder, "Entry", entry["Address"], Key=key, **about)


def _write_members(parent: Element, name: str, value: Json) -> None:
    holder = add(parent, name)
    for member in value:
        made = add(holder, "Member", Key=member["Key"])
        write_mailbox(made, member["mailbox"])
        add(made, "Status", member["Status"])


def _write_recipients(parent: Element, name: str, value: Json) -> None:
    holder = add(parent, name)
    for entry in value:
        write_mailbox(holder, entry)


def _write_body(parent: Element, name: str, value: Json) -> None:
    add(parent, name, value["text"], BodyType=value["type"])


def _write_zone(parent: Element, name: str, value: Json) -> None:
    transitions.write(parent, name, value["Id"], full=False, name=value["Name"])


def _write_parts(parent: Element, name: str, value: Json) -> None:
    made = add(parent, name)
    for key, entry in value.items():
        add(made, key, entry)


_WRITERS: dict[str, Callable[[Element, str, Json], None]] = {
    "strings": _write_strings,
    "body": _write_body,
    "textbody": _write_body,
    "recipient": lambda parent, name, value: write_mailbox(add(parent, name), value),
    "recipients": _write_recipients,
    "members": _write_members,
    "attendees": _write_attendees,
    "recurrence": _write_recurrence,
    "taskrecurrence": _write_task_recurrence,
    "zone": _write_zone,
    "emails": _write_emails,
    "phones": _write_entries,
    "ims": _write_entries,
    "addresses": _write_entries,
    "completename": _write_parts,
}
_EMPTY_IS_ABSENT = frozenset(
    {"attendees", "recipients", "members", "strings", "emails", "phones", "ims", "addresses"}
)


def write(parent: Element, name: str, kind: str, value: Json) -> None:
    """The property element of a value; nothing for None and for an empty collection."""
    if value is None or (kind in _EMPTY_IS_ABSENT and not value):
        return
    writer = _WRITERS.get(kind)
    if writer:
        writer(parent, name, value)
    else:
        add(parent, name, value)

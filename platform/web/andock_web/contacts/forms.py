"""The form of a contact: what a person typed, as strings, and what becomes of it."""

from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from andock_core.calendar import plain
from andock_core.contacts.editing import LINES, Refused, finished
from andock_core.contacts.texts import clean, one_line
from andock_core.contacts.vcard import kinds
from andock_sdk import Contact, Person, Photo, PostalAddress
from andock_web.calendar import notes as bodies
from andock_web.contacts import words

MOST_ROWS = 30
LONGEST = 1000  # characters of a line: more than fits, less than a document refuses
PARTS = ("street", "postcode", "city", "region", "country")


@dataclass(frozen=True)
class Filled:
    """A filled-in form. `phones` are (kind, number), in order; `addresses` parts by kind."""

    display_name: str = ""
    title: str = ""
    given: str = ""
    middle: str = ""
    surname: str = ""
    suffix: str = ""
    nickname: str = ""
    company: str = ""
    department: str = ""
    job_title: str = ""
    birthday: str = ""
    website: str = ""
    categories: str = ""
    notes: str = ""
    emails: dict[str, str] = field(default_factory=dict)
    phones: list[tuple[str, str]] = field(default_factory=list)
    addresses: dict[str, dict[str, str]] = field(default_factory=dict)


_TEXTS = tuple(f.name for f in fields(Filled) if f.type is str)


def filled_from(item: Contact) -> Filled:
    """The form as it begins for a contact."""
    numbers = {str(key): number for key, number in item.phones.items()}
    return Filled(
        **{name: getattr(item, name) for name in (*LINES, "birthday", "website")},
        categories=", ".join(item.categories),
        notes=plain.as_text(item.notes),
        emails={str(key): each.email for key, each in item.emails.items()},
        phones=[(key, numbers[key]) for key in words.PHONES if key in numbers],
        addresses={
            str(key): {part: getattr(each, part) for part in PARTS}
            for key, each in item.addresses.items()
        },
    )


def read(form: "MultiDict[str, str]") -> Filled:
    """The form out of a request."""
    rows = zip(form.getlist("phone_kind"), form.getlist("phone_number"), strict=False)
    phones = [(kind, one_line(number)) for kind, number in list(rows)[:MOST_ROWS]]
    single = {name: one_line(form.get(name, "")) for name in _TEXTS if name != "notes"}
    return Filled(
        **single,
        notes=clean(form.get("notes", "")),
        emails={key: one_line(form.get(key, "")) for key in kinds.EMAILS},
        phones=[(kind, number) for kind, number in phones if number and kind in kinds.PHONES],
        addresses={
            kind: {part: clean(form.get(f"{kind}_{part}", "")).strip() for part in PARTS}
            for kind in kinds.ADDRESSES
        },
    )


def contact(form: Filled, before: Contact | None, photo: Photo | None) -> Contact:
    """The contact that the form describes. What it does not show stays as `before` holds it.

    Raises Refused.
    """
    base = before or Contact()
    wrong: dict[str, str] = {}
    if len({kind for kind, _number in form.phones}) < len(form.phones):
        wrong["phones"] = "phone.twice"
    try:
        birthday = date.fromisoformat(form.birthday).isoformat() if form.birthday else ""
    except ValueError:
        wrong["birthday"], birthday = "birthday.unusable", ""
    values: dict[str, Any] = {name: getattr(form, name)[:LONGEST] for name in LINES}
    if form.display_name == base.display_name and not wrong:
        values["display_name"] = _followed(form, base)
    values |= {
        "emails": _emails(form, base),
        "phones": dict(form.phones),
        "addresses": {kind: PostalAddress(**at) for kind, at in form.addresses.items()},
        "birthday": birthday,
        "website": form.website,
        "notes": bodies.edited(base.notes, form.notes),
        "categories": tuple(filter(None, map(one_line, form.categories.split(",")))),
        "photo": photo,
        "uid": base.uid,
    }
    if form.categories == ", ".join(base.categories):
        values["categories"] = base.categories
    try:
        item = finished(Contact(**values), before)
    except Refused as refused:
        raise Refused({**refused.wrong, **wrong}) from refused
    if wrong:
        raise Refused(wrong)
    return item


def _followed(form: Filled, base: Contact) -> str:
    """The display name after the name changed: it follows, where it was made of the name."""
    composed = one_line(f"{base.given} {base.surname}")
    if base.display_name and base.display_name != composed:
        return base.display_name
    return one_line(f"{form.given} {form.surname}")[:LONGEST]


def _emails(form: Filled, base: Contact) -> dict[str, Person]:
    held = {str(key): each for key, each in base.emails.items()}
    return {
        key: held[key] if key in held and held[key].email == address else Person(email=address)
        for key, address in form.emails.items()
        if address
    }

"""Contacts in few words, and pictures made on the spot."""

import base64
import io
from typing import Any

from PIL import Image

from andock_core.accounts import MemberInfo
from andock_core.contacts.store import Contacts
from andock_core.contacts.vcard import kinds
from andock_sdk import Body, Contact, Person, Photo, PostalAddress
from tests.calendar.builders import Office


def person(given: str, surname: str = "", **rest: Any) -> Contact:
    """A contact of that name; `email` and `mobile` are short for the first of each."""
    if "email" in rest:
        rest["emails"] = {"email1": Person(email=rest.pop("email"))}
    if "mobile" in rest:
        rest["phones"] = {"mobile": rest.pop("mobile")}
    name = {"given": given, "surname": surname, "display_name": f"{given} {surname}".strip()}
    return Contact(**(name | rest))


def add(office: Office, who: MemberInfo, item: Contact) -> str:
    """Put a contact into somebody's book; its id."""
    with office.storage.write(who.scope) as session:
        return str(Contacts(session, who.tenant_id, who.id).create(item).id)


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), **options: Any) -> bytes:
    """A picture's bytes."""
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


def photo() -> Photo:
    """A small photo."""
    return Photo(media_type="image/png", data=base64.b64encode(picture()).decode())


def everything() -> Contact:
    """A contact with something in every field, and marks that need escaping."""
    return Contact(
        display_name="Dr. Änne; Mü, Ler\\x",
        title="Dr.",
        given="Änne",
        middle="M",
        surname="Müller",
        suffix="jr",
        nickname="Änn",
        company="Fa; rma",
        department="Abt, 2",
        job_title="Chefin",
        emails={key: Person(email=f"{key}@example.com") for key in kinds.EMAILS},
        phones={key: f"+49 30 {number}" for number, key in enumerate(kinds.PHONES)},
        addresses={
            "business": PostalAddress(
                street="Am Markt 1\nHinterhaus", city="B", region="R", postcode="1", country="D"
            ),
            "home": PostalAddress(city="x"),
            "other": PostalAddress(city="y"),
        },
        birthday="1980-03-31",
        website="https://example.com/a,b?c=d;e",
        notes=Body(content="one\ntwo; three, four"),
        categories=("friends", "with, comma"),
        photo=photo(),
    )

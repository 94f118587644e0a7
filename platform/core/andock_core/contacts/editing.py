"""What a member may make of a contact. Pure."""

import re
from urllib.parse import urlsplit

from andock_core.contacts import limits
from andock_core.contacts.naming import shown_name
from andock_core.contacts.texts import one_line
from andock_sdk import Contact

_EMAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+")
LINES = (
    *("display_name", "title", "given", "middle", "surname", "suffix", "nickname"),
    *("company", "department", "job_title"),
)
"""The fields of one line."""


class Refused(ValueError):
    """Fields that cannot be used: message keys by field ("surname", "email2", "phones",
    "addresses.home", "birthday", "website", "notes", "categories")."""

    def __init__(self, wrong: dict[str, str]) -> None:
        self.wrong = wrong
        super().__init__(", ".join(sorted(wrong)))


def finished(item: Contact, before: Contact | None = None) -> Contact:
    """The contact as it may be kept, with a display name when none was given. Raises Refused.

    What it brought along unchanged (from the other side, say) is nobody's mistake.
    """
    wrong = {**_lengths(item), **_meanings(item)}
    if before is not None:
        known = {**_lengths(before), **_meanings(before)}
        wrong = {
            name: key
            for name, key in wrong.items()
            if known.get(name) != key or _value(item, name) != _value(before, name)
        }
    if not shown_name(item):
        wrong["surname"] = "contact.empty"
    if wrong:
        raise Refused(wrong)
    if item.display_name.strip():
        return item
    return item.model_copy(update={"display_name": shown_name(item)[: limits.LINE]})


def is_link(text: str) -> bool:
    """Whether a website may be a link: http or https, with a host."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def is_email(text: str) -> bool:
    """Whether it looks like an address that mail can be sent to."""
    return _EMAIL.fullmatch(text) is not None


def _lengths(item: Contact) -> dict[str, str]:
    long = [name for name in LINES if len(getattr(item, name)) > limits.LINE]
    long += [str(key) for key, each in item.emails.items() if len(each.email) > limits.LINE]
    long += ["phones"] if any(len(each) > limits.PHONE for each in item.phones.values()) else []
    long += [
        f"addresses.{key}"
        for key, each in item.addresses.items()
        if max(map(len, (each.street, each.city, each.region, each.postcode, each.country)))
        > limits.LINE
    ]
    if len(item.website) > limits.ADDRESS:
        long.append("website")
    if len(item.notes.content) > limits.NOTES:
        long.append("notes")
    if len(item.categories) > limits.CATEGORIES or any(
        len(each) > limits.LINE for each in item.categories
    ):
        long.append("categories")
    return dict.fromkeys(long, "field.long")


def _meanings(item: Contact) -> dict[str, str]:
    wrong: dict[str, str] = {
        str(key): "email.unusable"
        for key, each in item.emails.items()
        if each.email and not is_email(each.email)
    }
    if item.website and not is_link(one_line(item.website)):
        wrong["website"] = "website.unusable"
    return wrong


def _value(item: Contact, name: str) -> object:
    if name.startswith("email"):
        return {str(key): each for key, each in item.emails.items()}.get(name)
    if name.startswith("addresses."):
        return {f"addresses.{key}": each for key, each in item.addresses.items()}.get(name)
    return getattr(item, name)

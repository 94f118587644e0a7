"""What a contact is called, where it stands in the list, and what finds it. Pure."""

import re
from typing import NamedTuple

from andock_core.contacts.texts import fold, one_line
from andock_sdk import Contact

LONGEST_SORT = 400
LONGEST_SEARCH = 2000
OTHERS = "#"
"""The group of names that begin with no letter."""


class Place(NamedTuple):
    """A contact's place in the list, and what the quick search looks through, as columns."""

    letter: str
    sort_name: str
    search: str


def shown_name(item: Contact) -> str:
    """What the list calls it; empty when it holds nothing to call it by."""
    given = one_line(item.display_name) or one_line(f"{item.given} {item.surname}")
    if given:
        return given
    addresses = (person.email for person in item.emails.values())
    for text in (item.company, item.nickname, *addresses, *item.phones.values()):
        if one_line(text):
            return one_line(text)
    return ""


def place_of(item: Contact) -> Place:
    """Its columns: sorted by surname, else by what it is called."""
    key = fold(f"{item.surname} {item.given}") if item.surname.strip() else fold(shown_name(item))
    bare = re.sub(r"^[^\w]+", "", key).lstrip("_ ") or key
    letter = bare[:1].upper()[:1]
    return Place(
        letter=letter if letter.isalpha() else OTHERS,
        sort_name=bare[:LONGEST_SORT],
        search=_search(item),
    )


def digits(text: str) -> str:
    """A number's digits without the zeros that lead abroad or out of the house."""
    return re.sub(r"\D", "", text).lstrip("0")


def _search(item: Contact) -> str:
    people = [part for each in item.emails.values() for part in (each.name, each.email)]
    towns = [each.city for each in item.addresses.values()]
    words = (
        *(item.display_name, item.given, item.middle, item.surname, item.nickname),
        *(item.company, item.department, item.job_title),
        *people,
        *towns,
        *item.categories,
    )
    text = " ".join(words)
    folded = fold(text)
    accented = " ".join(word for word in text.casefold().split() if word not in folded)
    numbers = " ".join(digits(number) for number in item.phones.values())
    found = f"{folded[:LONGEST_SEARCH]} {one_line(accented)[:LONGEST_SEARCH]} {numbers[:999]}"
    return " ".join(found.split())

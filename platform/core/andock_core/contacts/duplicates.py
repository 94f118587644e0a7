"""Which contacts are the same person, by the rule that the first sync has too. Pure."""

from collections import defaultdict
from collections.abc import Iterable

from andock_core.contacts.naming import shown_name
from andock_core.contacts.texts import fold
from andock_core.sync.pairing import same_person
from andock_sdk import Contact

_BARE = frozenset({"display_name", "given", "surname", "notes", "uid", "photo", "categories"})
"""Fields that do not make it likelier that two of the same name are one person."""


class Known:
    """The contacts that are there already, to ask whether another one is among them."""

    def __init__(self, items: Iterable[Contact] = ()) -> None:
        self._signs: defaultdict[str, list[Contact]] = defaultdict(list)
        for item in items:
            self.add(item)

    def add(self, item: Contact) -> None:
        """One more that is there."""
        for sign in _signs(item):
            self._signs[sign].append(item)

    def has(self, item: Contact) -> bool:
        """Whether the same person is there. A name alone is enough where both hold no more."""
        candidates = (other for sign in _signs(item) for other in self._signs.get(sign, ()))
        return any(same_person(item, other) or _bare(item, other) for other in candidates)


def _signs(item: Contact) -> set[str]:
    """What the same person has at least one of."""
    mails = {"mail " + person.email.strip().casefold() for person in item.emails.values()}
    name = f"{item.given} {item.surname}".strip() or shown_name(item)
    return {f"name {fold(name)}", *(mails - {"mail "})}


def _bare(one: Contact, other: Contact) -> bool:
    return all(
        each.model_dump(exclude=set(_BARE), exclude_defaults=True) == {} for each in (one, other)
    )

"""Which contacts are the same person: the same e-mail address, or the same name and one more
field alike. Pure."""

from collections.abc import Iterable, Iterator

from andock_core.contacts.naming import digits, shown_name
from andock_core.contacts.texts import fold
from andock_sdk import Contact


class Known:
    """The contacts that are there already, to ask whether another one is among them."""

    def __init__(self, items: Iterable[Contact] = ()) -> None:
        self._emails: set[str] = set()
        self._names: set[str] = set()
        self._details: set[tuple[str, str]] = set()
        for item in items:
            self.add(item)

    def add(self, item: Contact) -> None:
        """One more that is there."""
        name = fold(shown_name(item))
        details = set(_details(item))
        self._emails |= set(_emails(item))
        self._details |= {(name, detail) for detail in details}
        if not details:
            self._names.add(name)

    def has(self, item: Contact) -> bool:
        """Whether the same person is there. A name alone is enough when neither side has more."""
        if any(email in self._emails for email in _emails(item)):
            return True
        name = fold(shown_name(item))
        details = set(_details(item))
        if not details:
            return name in self._names
        return any((name, detail) in self._details for detail in details)


def _emails(item: Contact) -> Iterator[str]:
    return (person.email.strip().casefold() for person in item.emails.values() if person.email)


def _details(item: Contact) -> Iterator[str]:
    """What makes it likely that two of the same name are one person."""
    if item.company and shown_name(item) != item.company:
        yield "company " + fold(item.company)
    if item.birthday:
        yield "birthday " + item.birthday
    for number in item.phones.values():
        if digits(number):
            yield "phone " + digits(number)[-8:]
    for address in item.addresses.values():
        if address.street or address.postcode:
            yield "address " + fold(f"{address.street} {address.postcode}")

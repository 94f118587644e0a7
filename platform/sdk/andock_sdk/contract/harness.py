"""What an author gives the contract: a way to the service, and hands and eyes on the other side.

The service may be a stand-in that the tests start, or a test account of the real one. Whatever the
harness does there goes past the connector: a rule compares what the connector says with what the
harness sees.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NoReturn

from andock_sdk import standard
from andock_sdk.connector import CollectionKind
from andock_sdk.context import Context, Egress, Grant
from andock_sdk.contract.network import LocalEgress
from andock_sdk.forms import Answers, Form
from andock_sdk.items import Item

Fault = Literal["before", "lost", "throttled", "garbage", "hanging", "sign-in"]
"""before: an error, and nothing happened. lost: it happened, and the answer never comes. throttled:
the service asks for a pause and says until when. garbage: an answer that nobody can make sense of.
hanging: no answer for longer than the connector waits. sign-in: the credentials no longer count."""

Call = Literal[
    "test", "collections", "changes", "read", "create", "update", "delete", "find_operation"
]
"""Which of the plugin's calls the fault is to meet, the next time."""


class Cannot(Exception):
    """The harness cannot do this. The rule is then not shown: a level needs it done or exempt."""


class NotApplicable(Exception):
    """The rule does not concern this connector (it only reads, say)."""


@dataclass(frozen=True)
class Seen:
    """An item as the other side itself shows it. `title` is a subject or a display name, the times
    are aware, or days (the end exclusive) for what lasts all day; a contact has none."""

    title: str
    start: datetime | date | None = None
    end: datetime | date | None = None


class Harness:
    """Subclass it, and hand a fresh one to each test. What is not overridden cannot be done.

    `entry_point` is the plugin's own, as in its pyproject.toml ("module:callable").
    `lacks` names fields of items that the service has not got ("photo", "attendees").
    `patience`: seconds after which a connector gives up on a server that does not answer; let your
    tests shorten it. `many`: how long a long list is. `schedules`: how many the sync core plays;
    they leave out the fields in `leaves_out`, which `put` and `edit` cannot write ("recurrence").
    `drops_exceptions`: a series that is moved loses its changed occurrences there. `kind`: what
    the rules look at where the connector has several; by default calendars, else contacts, else
    tasks. A second harness for another kind holds the plugin to the same rules there.
    """

    entry_point: str = ""
    lacks: frozenset[str] = frozenset()
    zone: str = "Europe/Berlin"
    patience: float = 30.0
    many: int = 60
    schedules: int = 20
    leaves_out: frozenset[str] = frozenset()
    drops_exceptions: bool = False
    kind: CollectionKind | None = None

    # -- the way in

    def integration(self) -> object:
        """The integration object, from the entry point."""
        module, _, name = self.entry_point.partition(":")
        made: Callable[[], object] = getattr(importlib.import_module(module), name)
        return made()

    def answers(self) -> Answers:
        """The authorize form, filled in as it should be."""
        _cannot("fill in the form")

    def bad_answers(self) -> Answers:
        """The same with something that the other side refuses: a wrong password, a wrong link."""
        _cannot("fill in a wrong password")

    def grant(self, context: Context) -> Grant | None:
        """A grant, where authorizing leads to another site; None to use `answers`."""
        return None

    def bad_grant(self, context: Context) -> Grant | None:
        """A grant that the other side refuses, where authorizing leads to another site; None to use
        `bad_answers`."""
        return None

    def operator(self) -> Answers:
        """The listing's `operator_form`, filled in."""
        return {}

    def settings(self, proposed: Answers, form: Form | None) -> Answers:
        """What a member switches on, from what the form proposes. Where that would synchronise
        nothing, the first calendar is imported, or contacts or tasks are switched on."""
        asked = {one.name: one for one in (form.fields if form else ())}
        if proposed.get(standard.ONE) or proposed.get(standard.IMPORTS):
            return proposed
        offered = asked[standard.IMPORTS].choices if standard.IMPORTS in asked else ()
        if offered:
            return {**proposed, standard.IMPORTS: [offered[0].value]}
        if proposed.get(standard.CONTACTS):
            return {**proposed, standard.CONTACTS_ON: True}
        lists = asked[standard.TASKS_LIST].choices if standard.TASKS_LIST in asked else ()
        chosen = next((one.value for one in lists if one.value and not one.disabled), "")
        if chosen:
            return {**proposed, standard.TASKS_ON: True, standard.TASKS_LIST: chosen}
        return proposed

    def egress(self) -> Egress:
        """The way to the network."""
        return LocalEgress()

    def secrets(self) -> list[str]:
        """What must never be logged: by default what the form asks for as passwords, and every
        secret of the grant that is longer than seven characters."""
        return []

    def close(self) -> None:
        """Tidy up."""

    # -- what people do on the other side

    def put(self, collection: str, item: Item) -> str:
        """Somebody makes an item there. Its ref, as the connector names it."""
        _cannot("make an item on the other side")

    def edit(self, ref: str, item: Item) -> None:
        """Somebody makes of it what `item` says."""
        _cannot("change an item on the other side")

    def remove(self, ref: str) -> None:
        """Somebody deletes it."""
        _cannot("delete an item on the other side")

    def look(self, collection: str) -> list[Seen]:
        """All that lies there, read without the connector."""
        _cannot("look at the other side")

    def mark(self, ref: str) -> None:
        """Put something on an item that Andock does not know (a custom field)."""
        _cannot("put a foreign field on an item")

    def is_marked(self, ref: str) -> bool:
        """Whether it is still there."""
        _cannot("look for a foreign field")

    # -- how the service behaves

    def fail(self, call: Call, fault: Fault) -> None:
        """Let the next such call meet this fault, once."""
        _cannot("make the service fail")

    def writes(self) -> int:
        """How many requests to write something have reached the service so far."""
        _cannot("count what is written")

    def mails(self) -> int:
        """How many messages the service has sent to attendees so far."""
        _cannot("count the service's mails")

    def lose_cursors(self) -> None:
        """All change tokens handed out so far are void."""
        _cannot("make change tokens void")

    def spoil(self, collection: str) -> None:
        """Put an item there that nobody can read."""
        _cannot("spoil an item")

    def drop(self, collection: str) -> None:
        """Somebody deletes the whole collection."""
        _cannot("delete a collection")


def _cannot(what: str) -> NoReturn:
    raise Cannot(f"this harness cannot {what}")

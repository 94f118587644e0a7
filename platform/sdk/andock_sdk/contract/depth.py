"""What makes a connector good for years: long lists, odd words, other programs, schedules."""

import importlib
import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

from andock_sdk import errors
from andock_sdk.connector import RemoteItem
from andock_sdk.contract.case import Case, retitled, title_of
from andock_sdk.contract.harness import Cannot, NotApplicable
from andock_sdk.contract.rules import Broken, expect, refuses, rule
from andock_sdk.items import Body, Contact

WORDS = (
    "Größe & <b>Maß</b> \"quoted\" 'single' ]]>",
    "日本語の予定 · قائمة · Ελληνικά · עברית",
    "Family 👨‍👩‍👧‍👦 and flag 🇩🇪",
    "e\u0301 is not é for a computer",
    "Tab\tand a backslash \\n; a comma, a semicolon; 100 %",
)
SECRET_LENGTH = 8


@rule("gold")
def long_lists(case: Case) -> None:
    """A long list comes whole, page by page, and only the last page says that it is complete."""
    connector, collection = case.calendar()
    made = set()
    for _ in range(case.harness.many):
        item = case.item(connector)
        case.harness.put(collection, item)
        made.add(title_of(item))
    cursor: str | None = None
    more = True
    while more:
        page = connector.changes(collection, cursor)
        cursor, more = page.cursor, page.more
        expect(page.complete is not more, "a page in the middle says that the list is complete")
    found = case.everything(connector, collection)
    expect(made <= set(found), f"{len(made - set(found))} of {len(made)} items are not listed")


@rule("gold")
def odd_words_read(case: Case) -> None:
    """Words of any script, and signs that a format needs for itself, are read as they are."""
    connector, collection = case.calendar()
    for words in WORDS:
        case.harness.put(collection, case.item(connector, title=words))
    found = set(case.everything(connector, collection))
    for words in WORDS:
        expect(words in found, f"{words!r} is not read as it lies there")


@rule("gold")
def odd_words_written(case: Case) -> None:
    """Words of any script, and signs that a format needs for itself, are written as they are."""
    connector, collection = case.calendar(writable=True)
    for number, words in enumerate(WORDS):
        item = case.item(connector, title=words)
        if not isinstance(item, Contact) and "body" not in case.harness.lacks:
            item = item.model_copy(update={"body": Body(content=f"{words}\nsecond line")})
        made = connector.create(collection, item, f"contract-operation-{number}")
        expect(title_of(made.item) == words, f"{words!r} is returned as {title_of(made.item)!r}")
        expect(case.seen(collection, words), f"{words!r} does not lie there as it was written")


@rule("gold")
def foreign_fields_kept(case: Case) -> None:
    """An update keeps what Andock does not know of on the item.

    Other programs put fields of their own there. Write the patch's fields, never the whole item.
    """
    connector, collection = case.calendar(writable=True)
    handle, found = case.put(connector, collection)
    case.harness.mark(handle)
    again = connector.read(collection, [found.ref])[0]
    if not isinstance(again, RemoteItem):
        raise Broken("an item with a foreign field cannot be read")
    connector.update(collection, found.ref, retitled(again.item, "Contract, kept"), again.version)
    expect(case.harness.is_marked(handle), "the foreign field is gone after an update")


@rule("gold")
def other_programs_conflict(case: Case) -> None:
    """What somebody else changed since it was read is not overwritten, nor deleted."""
    connector, collection = case.calendar(writable=True)
    handle, before = case.put(connector, collection)
    theirs = f"{title_of(before.item)}, theirs"
    case.harness.edit(handle, retitled(before.item, theirs).item)
    ours = retitled(before.item, "Contract, ours")
    with refuses(errors.Conflict, "an update of what somebody else changed"):
        connector.update(collection, before.ref, ours, before.version)
    with refuses(errors.Conflict, "a delete of what somebody else changed"):
        connector.delete(collection, before.ref, before.version)
    expect(case.seen(collection, theirs), "what somebody else wrote is gone")


@rule("gold")
def two_connectors(case: Case) -> None:
    """Two connectors on one account see each other's work and do not trip over it."""
    one, collection = case.calendar(writable=True)
    other = case.connect()
    _, cursor, _ = case.listed(other, collection)
    made = one.create(collection, case.item(one), "contract-operation-1")
    told, cursor, _ = case.listed(other, collection, cursor)
    expect(made.ref in told, "what one creates is not told to the other")
    after = other.update(
        collection, made.ref, retitled(made.item, "Contract, second"), made.version
    )
    with refuses(errors.Conflict, "an update with the version before the other's"):
        one.update(collection, made.ref, retitled(made.item, "Contract, first"), made.version)
    one.delete(collection, made.ref, after.version)
    with refuses(errors.Gone, "a delete of what the other has deleted"):
        other.delete(collection, made.ref, after.version)


@rule("gold")
def secrets_unsaid(case: Case) -> None:
    """No password or token is logged, printed, reported in a step, or told in an error.

    Also not at the level DEBUG, and not by the library underneath.
    """
    with _listening() as heard:
        grant = case.tested()
        secrets = set(case.harness.secrets()) | set(grant.secrets.values())
        connector = case.connect(grant)
        collection = case.collection(connector, case.kind(connector))
        case.listed(connector, collection)
        heard.append(" ".join(step.model_dump_json() for step in case.steps))
        bad = case.bad_grant()
        secrets |= set(bad.secrets.values())
        try:
            case.test(bad)
        except errors.AndockError as error:
            heard.append(f"{error!r} {error.key} {error.detail}")
        heard.append(" ".join(step.model_dump_json() for step in case.steps))
        heard.append(repr(grant))
    said = "\n".join(heard)
    open_ = set(_shown(case).values())
    for secret in secrets - open_:
        if len(secret) >= SECRET_LENGTH:
            expect(secret not in said, "a secret is logged, printed or shown")


@rule("gold")
def schedules_hold(case: Case) -> None:
    """Andock's own proof holds with this connector.

    People edit on both sides, also during a run, and calls fail; in the end both sides are equal,
    and nothing is lost, doubled or mailed. Needs Andock itself in the environment
    (`pip install andock`).
    """
    try:  # by name: the SDK itself needs nothing of Andock's
        play = importlib.import_module("andock_core.proof.driving").play
    except ImportError as error:
        raise Cannot("Andock's sync core is not installed: pip install andock") from error
    connector = case.connect()
    if case.kind(connector) == "contacts":
        raise NotApplicable("schedules are about calendars")
    case.collection(connector, writable=True)
    case.harness.look(case.collection(connector))
    broken = play(case)
    expect(not broken, broken)


def _hidden(case: Case) -> set[str]:
    form = case.listing().authorize_form
    return {asked.name for asked in form.fields if asked.kind == "password"} if form else set()


def _shown(case: Case) -> dict[str, str]:
    """What the member types in the open: a user name, a server."""
    try:
        answers = case.harness.answers()
    except Cannot:
        return {}
    hidden = _hidden(case)
    return {name: str(value) for name, value in answers.items() if name not in hidden}


@contextmanager
def _listening() -> Iterator[list[str]]:
    """All that is logged at any level, and all that is printed."""
    heard: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(self.format(record))

    root, ear, printed = logging.getLogger(), Ear(0), io.StringIO()
    level = root.level
    root.addHandler(ear)
    root.setLevel(0)
    try:
        with redirect_stdout(printed), redirect_stderr(printed):
            yield heard
    finally:
        root.setLevel(level)
        root.removeHandler(ear)
        heard.append(printed.getvalue())

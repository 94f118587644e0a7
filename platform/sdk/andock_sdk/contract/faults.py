"""Faults: what the service does on a bad day, and what the connector then says."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

from andock_sdk import errors
from andock_sdk.connector import Connector, RemoteItem
from andock_sdk.contract.case import Case, retitled, title_of
from andock_sdk.contract.harness import Call, Cannot, Fault
from andock_sdk.contract.rules import Broken, expect, refuses, rule

LONGEST_PAUSE = timedelta(days=7)
MARGIN = 5.0
"""Seconds more than its own patience that a connector gets for giving up."""


@rule("silver")
def error_survived(case: Case) -> None:
    """An error of the service raises an error of the contract, and the next call works."""
    connector, collection = case.calendar()
    _, one = case.put(connector, collection)
    reads: dict[Call, Callable[[], object]] = {
        "collections": connector.collections,
        "changes": lambda: connector.changes(collection, None),
        "read": lambda: connector.read(collection, [one.ref]),
    }
    for call, work in reads.items():
        if _planned(case, call, "before"):
            with refuses(errors.AndockError, f"{call} while the service fails"):
                work()
            work()


@rule("silver")
def failed_write_is_told(case: Case) -> None:
    """A write that failed raises; nothing lies there, and the connector works afterwards."""
    connector, collection = case.calendar(writable=True)
    item = case.item(connector)
    case.harness.fail("create", "before")
    with refuses(errors.AndockError, "a create that fails"):
        connector.create(collection, item, "contract-operation-1")
    expect(not case.seen(collection, title_of(item)), "the item lies there all the same")
    found = connector.find_operation(collection, "contract-operation-1")
    expect(found is None, "the operation id finds what was never created")
    connector.create(collection, item, "contract-operation-2")
    expect(len(case.seen(collection, title_of(item))) == 1, "the second create does not land")


@rule("silver")
def lost_answer_is_told(case: Case) -> None:
    """A create whose answer is lost raises, and is found by its operation id, once."""
    connector, collection = case.calendar(writable=True)
    item = case.item(connector)
    case.harness.fail("create", "lost")
    with refuses(errors.AndockError, "a create whose answer is lost") as caught:
        connector.create(collection, item, "contract-operation-1")
    expect(
        isinstance(caught[0], errors.Transient | errors.Throttled),
        f"whether it took effect is unknown; {type(caught[0]).__name__} says otherwise",
    )
    found = connector.find_operation(collection, "contract-operation-1")
    expect(found is not None, "the operation id does not find it")
    expect(len(case.seen(collection, title_of(item))) == 1, "it lies there more than once")


@rule("silver")
def landed_is_never_denied(case: Case) -> None:
    """A create that landed and could not be read back does not say that nothing happened.

    Andock would forget that it was under way, and create it again. Whatever fails once something
    has been written is `Transient`; `errors.in_steps` sees to it.
    """
    connector, collection = case.calendar(writable=True)
    calls: tuple[Call, ...] = ("read", "update")
    for call in calls:
        item = case.item(connector)
        _planned(case, call, "throttled")
        try:
            connector.create(collection, item, f"contract-operation-{call}")
        except errors.AndockError as error:
            landed = case.seen(collection, title_of(item))
            denied = not isinstance(error, errors.Transient)
            expect(not (landed and denied), f"it lies there, and {type(error).__name__} denies it")


@rule("silver")
def lost_answers_of_changes(case: Case) -> None:
    """Updates and deletes whose answers are lost raise; the item then shows what happened."""
    connector, collection = case.calendar(writable=True)
    made = connector.create(collection, case.item(connector), "contract-operation-1")
    case.harness.fail("update", "lost")
    with refuses(errors.Transient, "an update whose answer is lost"):
        connector.update(collection, made.ref, retitled(made.item, "Contract, lost"), made.version)
    now = connector.read(collection, [made.ref])[0]
    landed = isinstance(now, RemoteItem) and title_of(now.item) == "Contract, lost"
    expect(landed, "reading does not show that the update took effect")
    case.harness.fail("delete", "lost")
    with refuses(errors.Transient, "a delete whose answer is lost"):
        connector.delete(collection, made.ref, getattr(now, "version", ""))
    with refuses(errors.Gone, "a second delete"):
        connector.delete(collection, made.ref, getattr(now, "version", ""))


@rule("silver")
def writes_never_repeated(case: Case) -> None:
    """No write is sent twice, whatever became of the first.

    Only Andock knows whether repeating is safe. Switch off retries in the library you use.
    """
    connector, collection = case.calendar(writable=True)
    kinds: tuple[Fault, ...] = ("before", "lost", "throttled")
    for number, kind in enumerate(kinds):
        before = case.harness.writes()
        case.harness.fail("create", kind)
        with refuses(errors.AndockError, f"a create that meets {kind}"):
            connector.create(collection, case.item(connector), f"contract-operation-{number}")
        sent = case.harness.writes() - before
        expect(sent <= 1, f"a create that meets {kind} is sent {sent} times")


@rule("silver")
def pause_is_told(case: Case) -> None:
    """A service that asks for a pause raises `Throttled` with the time to come back.

    The time is aware and lies ahead. Nothing sleeps: a worker has other connections to serve.
    """
    connector, collection = case.calendar()
    case.harness.fail("changes", "throttled")
    began = monotonic()
    with refuses(errors.Throttled, "a service that asks for a pause") as caught:
        connector.changes(collection, None)
    expect(monotonic() - began < MARGIN, "the connector waits instead of telling")
    until: datetime | None = getattr(caught[0], "until", None)
    if until is None:
        raise Broken("the service says when to come back, and Throttled does not")
    expect(until.tzinfo is not None, "the time has no zone")
    ahead = until.astimezone(UTC) - case.context.now()
    expect(-timedelta(seconds=60) < ahead < LONGEST_PAUSE, f"the time is {ahead} ahead")


@rule("silver")
def garbage_is_no_list(case: Case) -> None:
    """An answer that makes no sense raises an error of the contract; it is never an empty list.

    A login page with status 200 is no calendar without entries.
    """
    connector, collection = case.calendar()
    _, one = case.put(connector, collection)
    reads: dict[Call, Callable[[], object]] = {
        "collections": connector.collections,
        "changes": lambda: connector.changes(collection, None),
        "read": lambda: connector.read(collection, [one.ref]),
    }
    for call, work in reads.items():
        if _planned(case, call, "garbage"):
            with refuses(errors.AndockError, f"garbage instead of an answer to {call}"):
                work()
    case.find(connector, collection, title_of(one.item))


@rule("silver")
def hanging_ends(case: Case) -> None:
    """A server that does not answer is given up after a while, with a transient error."""
    connector, collection = case.calendar()
    case.harness.fail("changes", "hanging")
    with refuses(errors.Transient, "a server that does not answer"):
        case.within(case.harness.patience + MARGIN, lambda: connector.changes(collection, None))


@rule("silver")
def refused_later(case: Case) -> None:
    """Credentials that stop working during a run raise an error that the member can mend."""
    connector, collection = case.calendar()
    case.harness.fail("changes", "sign-in")
    with refuses(errors.MemberError, "credentials that no longer count"):
        connector.changes(collection, None)


@rule("silver")
def nothing_swallowed(case: Case) -> None:
    """A listing that fails half-way raises; it never ends as complete.

    What is missing from a complete list may be taken for deleted.
    """
    connector, collection = case.calendar()
    for _ in range(3):
        case.put(connector, collection)
    first = connector.changes(collection, None)
    case.harness.fail("changes", "lost")
    with refuses(errors.AndockError, "a page whose answer is lost"):
        connector.changes(collection, first.cursor if first.more else None)
    _all_there(case, connector, collection)


def _planned(case: Case, call: Call, fault: Fault) -> bool:
    """Whether the call will meet the fault. It need not where the service is not asked for it; for
    `changes` it always is. Raises Cannot."""
    try:
        case.harness.fail(call, fault)
    except Cannot:
        if call == "changes":
            raise
        return False
    return True


def _all_there(case: Case, connector: Connector, collection: str) -> None:
    shown = {one.title for one in case.harness.look(collection)}
    listed = set(case.everything(connector, collection))
    expect(shown <= listed, "after the failure the list lacks items")

"""Reading: what is there, what has changed, and under which id."""

from andock_sdk import errors
from andock_sdk.connector import Missing, RemoteItem, Unreadable
from andock_sdk.contract.case import Case, instants, title_of
from andock_sdk.contract.harness import Cannot
from andock_sdk.contract.rules import Broken, expect, refuses, rule
from andock_sdk.items import Appointment, Contact


@rule("bronze")
def lists_everything(case: Case) -> None:
    """A listing from the start names all that lies there, and says that it is complete.

    What is missing from a complete list may be taken for deleted.
    """
    connector, collection = case.calendar()
    made = set()
    for _ in range(5):
        item = case.item(connector)
        case.harness.put(collection, item)
        made.add(title_of(item))
    found = set(case.everything(connector, collection))
    expect(made <= found, f"the listing lacks {len(made - found)} of {len(made)} items")
    shown = {one.title for one in case.harness.look(collection)}
    expect(shown <= found, f"the listing lacks {len(shown - found)} items that lie there")


@rule("bronze")
def ids_stable(case: Case) -> None:
    """An item keeps its ref: for another connector, and after it was changed."""
    connector, collection = case.calendar()
    handle, before = case.put(connector, collection)
    title = title_of(before.item)
    other = case.connect()
    expect(
        case.find(other, collection, title).ref == before.ref, "another connector has another ref"
    )
    case.harness.edit(handle, _moved(case, before))
    after = case.find(connector, collection, f"{title}, changed")
    expect(after.ref == before.ref, "the ref is another one after a change")


@rule("bronze")
def versions_tell(case: Case) -> None:
    """An item's version changes when the item does, and not when it does not.

    The version is what conditional writes are about: a change that keeps it goes unseen.
    """
    connector, collection = case.calendar()
    handle, before = case.put(connector, collection)
    again = connector.read(collection, [before.ref])[0]
    same = isinstance(again, RemoteItem) and again.version == before.version
    expect(same, "the version changes although nothing did")
    case.harness.edit(handle, _moved(case, before))
    after = connector.read(collection, [before.ref])[0]
    expect(isinstance(after, RemoteItem), "a changed item cannot be read")
    expect(getattr(after, "version", "") != before.version, "the version stays after a change")


@rule("bronze")
def changes_told(case: Case) -> None:
    """After a cursor, exactly what is new, changed or deleted since then is told.

    Telling more than that is allowed (a change may repeat), telling less is not.
    """
    connector, collection = case.calendar()
    first, one = case.put(connector, collection)
    second, two = case.put(connector, collection)
    _, cursor, _ = case.listed(connector, collection)
    case.harness.edit(first, _moved(case, one))
    case.harness.remove(second)
    new = case.item(connector)
    case.harness.put(collection, new)
    told, _, complete = case.listed(connector, collection, cursor)
    changed = told.get(one.ref)
    expect(changed and changed.kind == "changed", "a change is not told")
    gone = told.get(two.ref)
    if not complete:
        expect(gone and gone.kind == "deleted", "a delete is not told")
    expect(two.ref not in told or (gone and gone.kind == "deleted"), "a delete is told as a change")
    titles = [
        title_of(found.item)
        for found in connector.read(collection, list(told))
        if isinstance(found, RemoteItem)
    ]
    expect(title_of(new) in titles, "a new item is not told")


@rule("bronze")
def nothing_new_is_quiet(case: Case) -> None:
    """Where nothing happened, nothing is told.

    A connector without change tokens of its own compares what it lists with what it listed.
    """
    connector, collection = case.calendar()
    case.put(connector, collection)
    _, cursor, _ = case.listed(connector, collection)
    _, cursor, _ = case.listed(connector, collection, cursor)
    told, _, _ = case.listed(connector, collection, cursor)
    expect(not told, f"{len(told)} changes are told although nothing happened")


@rule("bronze")
def one_result_each(case: Case) -> None:
    """`read` answers each ref in its place; one that is not there is `Missing`."""
    connector, collection = case.calendar()
    _, one = case.put(connector, collection)
    handle, two = case.put(connector, collection)
    case.harness.remove(handle)
    found = connector.read(collection, [two.ref, one.ref])
    expect(len(found) == 2, f"{len(found)} results for two refs")
    expect(isinstance(found[0], Missing), f"a deleted item is {type(found[0]).__name__}")
    expect(isinstance(found[1], RemoteItem), f"an item is {type(found[1]).__name__}")
    expect([result.ref for result in found] == [two.ref, one.ref], "the refs are not those asked")
    expect(connector.read(collection, []) == [], "no refs give results")


@rule("bronze")
def reads_what_is_there(case: Case) -> None:
    """What is read is what lies there: words and times."""
    connector, collection = case.calendar()
    _, found = case.put(connector, collection)
    seen = case.seen(collection, title_of(found.item))
    expect(len(seen) == 1, f"the other side shows {len(seen)} items")
    if isinstance(found.item, Appointment):
        told = instants(found.item.when)
        expect((seen[0].start, seen[0].end) == told, f"{told} is read, {seen[0]} lies there")


@rule("silver")
def cursor_repeatable(case: Case) -> None:
    """A cursor may be used again and tells the same changes again.

    Andock keeps a page and its cursor together. When it dies in between, it asks once more.
    """
    connector, collection = case.calendar()
    case.put(connector, collection)
    _, cursor, _ = case.listed(connector, collection)
    _, new = case.put(connector, collection)
    first, _, _ = case.listed(connector, collection, cursor)
    again, _, _ = case.listed(case.connect(), collection, cursor)
    expect(new.ref in first, "a new item is not told")
    expect(set(again) == set(first), "the same cursor tells something else the second time")


@rule("silver")
def lost_cursor_said(case: Case) -> None:
    """A change token that is void raises `CursorLost`; it is never an empty answer.

    Andock then lists everything and reconciles. Nothing is taken for deleted because of it.
    """
    connector, collection = case.calendar()
    case.put(connector, collection)
    _, cursor, _ = case.listed(connector, collection)
    case.harness.lose_cursors()
    with refuses(errors.CursorLost, "a void cursor"):
        connector.changes(collection, cursor)


@rule("silver")
def strange_cursor_said(case: Case) -> None:
    """A cursor that nobody can read raises `CursorLost` too."""
    connector, collection = case.calendar()
    for strange in ("contract", "0:0:0"):
        try:
            connector.changes(collection, strange)
        except errors.CursorLost:
            continue
        except Exception as error:
            raise Broken(f"the cursor {strange!r}: {type(error).__name__}") from error
        raise Broken(f"the cursor {strange!r} is taken for a good one")


@rule("silver")
def gone_collection_said(case: Case) -> None:
    """A collection that was deleted raises `CollectionGone`; it is never an empty list."""
    connector, collection = case.calendar()
    case.put(connector, collection)
    case.harness.drop(collection)
    with refuses(errors.CollectionGone, "a deleted collection"):
        case.listed(connector, collection)


@rule("silver")
def bad_item_alone(case: Case) -> None:
    """An item that cannot be read is one `Unreadable` with a key; all others are read."""
    connector, collection = case.calendar()
    made = {title_of(case.put(connector, collection)[1].item) for _ in range(2)}
    case.harness.spoil(collection)
    found, _, _ = case.listed(connector, collection)
    results = connector.read(collection, list(found))
    bad = [result for result in results if isinstance(result, Unreadable)]
    expect(len(bad) == 1, f"{len(bad)} items are unreadable, one was spoilt")
    expect(bad[0].error, "the unreadable item has no error key")
    read = {title_of(result.item) for result in results if isinstance(result, RemoteItem)}
    expect(made <= read, "the bad item took others with it")


def _moved(case: Case, before: RemoteItem) -> Appointment | Contact:
    """What somebody else makes of an item."""
    item = before.item
    if isinstance(item, Contact):
        return item.model_copy(update={"display_name": f"{item.display_name}, changed"})
    if not isinstance(item, Appointment):
        raise Cannot("no such items")
    return item.model_copy(update={"subject": f"{item.subject}, changed"})

"""Reading items in batches. One bad item never fails the others."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from andock_exchange_calendar import convert, operations, slots
from andock_exchange_calendar.client import Client, Outcome
from andock_exchange_calendar.errors import is_missing, passes
from andock_exchange_calendar.shape import BATCH
from andock_exchange_calendar.soap import Children, Element, fields, local, text_of, version_of
from andock_sdk import Missing, ReadResult, RemoteItem, Unreadable, errors

_AT_ONCE = 5 * BATCH
"""Items whose XML is held at a time: memory stays flat however many are read."""
_OF_ONE_ITEM = (errors.Transient, errors.Unrepresentable, errors.Conflict, errors.PluginBug)
Zones = Counter[str]
"""How many items are kept in each zone, by Windows name."""


def read(client: Client, refs: Sequence[str], seen: Zones) -> list[ReadResult]:
    """The items, one result per ref and in their order."""
    results: list[ReadResult] = []
    for start in range(0, len(refs), _AT_ONCE):
        results += _together(client, refs[start : start + _AT_ONCE], seen)
    return results


def read_one(client: Client, ref: str, seen: Zones) -> RemoteItem:
    """One item as it now stands. Raises Gone, or Transient when it cannot be read."""
    (result,) = read(client, [ref], seen)
    if isinstance(result, Missing):
        raise errors.Gone(detail="on reading back")
    if isinstance(result, Unreadable):
        raise errors.Transient(result.error, "on reading back")
    return result


def _together(client: Client, refs: Sequence[str], seen: Zones) -> list[ReadResult]:
    """A few batches; the changed occurrences of all their series are asked for together."""
    outcomes: list[Outcome | None] = []
    for start in range(0, len(refs), BATCH):
        outcomes += ask(client, refs[start : start + BATCH], operations.get_items)
    items = [_inside(outcome) for outcome in outcomes]
    whole = [inside for inside in items if inside is not None]
    _tell_zones(whole, seen)
    exceptions = _exceptions(client, whole)
    return [
        _result(client, ref, outcome, inside, exceptions)
        for ref, outcome, inside in zip(refs, outcomes, items, strict=True)
    ]


def ours(held: RemoteItem, version: str) -> RemoteItem:
    """What a write led to, which was answered with that version. Where somebody changed the item
    before it could be read, that is not known, and what is there must not pass for it: their change
    would count as agreed. Raises Transient; core then finds out what became of the write."""
    if held.version != version:
        raise errors.Transient(detail="another change key right after ours")
    return held


def ask(
    client: Client, refs: Sequence[str], request: Callable[[Sequence[str]], Element]
) -> list[Outcome | None]:
    """An outcome per ref of a batch; None for one whose answer is no XML at all, found by asking
    singly."""
    try:
        outcomes = client.call(request(refs), len(refs))
    except errors.Transient as broken:
        if broken.key not in ("answer.broken", "answer.too_large"):
            raise
        if len(refs) == 1:
            return [None]
        return [outcome for ref in refs for outcome in ask(client, [ref], request)]
    return list(outcomes)


def item_in(outcome: Outcome) -> Element | None:
    """The one item of an outcome, None when there is none."""
    items = outcome.inside.get("Items") if outcome.ok else None
    return items[0] if items is not None and len(items) else None


def _inside(outcome: Outcome | None) -> Children | None:
    item = item_in(outcome) if outcome is not None else None
    return None if item is None else fields(item)


def _tell_zones(items: Sequence[Children], seen: Zones) -> None:
    for inside in items:
        name = slots.zone_name(inside, "StartTimeZone")
        if name:
            seen[name] += 1


def _exceptions(client: Client, items: Sequence[Children]) -> dict[str, Children]:
    """The changed occurrences of all series among `items`, by item id."""
    ids = [found for item in items for found in convert.exception_ids(item)]
    found: dict[str, Children] = {}
    for start in range(0, len(ids), BATCH):
        chunk = ids[start : start + BATCH]
        for one, outcome in zip(chunk, ask(client, chunk, operations.get_items), strict=True):
            inside = _inside(outcome)
            if inside is not None:
                found[one] = inside
            elif outcome is not None and not is_missing(outcome.code):
                raise_if_general(client, outcome)
    return found


def raise_if_general(client: Client, outcome: Outcome) -> None:
    """Raise what concerns the mailbox as a whole, such as a pause that it asks for."""
    error = client.error_of(outcome)
    of_one_item = isinstance(error, _OF_ONE_ITEM) or outcome.code == "ErrorAccessDenied"
    if not of_one_item or passes(outcome.code):
        raise error


def _result(
    client: Client,
    ref: str,
    outcome: Outcome | None,
    inside: Children | None,
    exceptions: dict[str, Children],
) -> ReadResult:
    if outcome is None:
        return Unreadable(ref=ref, error="item.unreadable")
    if is_missing(outcome.code):
        return Missing(ref=ref)
    if not outcome.ok:
        raise_if_general(client, outcome)
        return Unreadable(ref=ref, error="item.unreadable")
    if inside is None or local(inside.element) != "CalendarItem":
        return Unreadable(ref=ref, error="item.not_appointment")
    try:
        return remote_item(client, ref, inside, exceptions)
    except (ValueError, KeyError, IndexError, OverflowError, errors.Transient):
        return Unreadable(ref=ref, error="item.unreadable")


def remote_item(
    client: Client, ref: str, inside: Children, exceptions: dict[str, Children]
) -> RemoteItem:
    """What Exchange holds. Raises ValueError and the like for what is no appointment."""
    return RemoteItem(
        ref=ref,
        version=version_of(inside["ItemId"]),
        item=convert.to_appointment(inside, exceptions, client.zone),
        operation_id=convert.operation_id(inside.element),
        link=client.link(text_of(inside, "WebClientReadFormQueryString")),
    )


def change_keys(client: Client, refs: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(id, change key) of each item. Raises Gone for one that is not there."""
    for outcome in client.call(operations.get_items(refs, ids_only=True), len(refs)):
        items = fields(client.checked(outcome)).get("Items")
        if items is None or not len(items):
            raise errors.Gone(detail="no item in the answer")
        identity = fields(items[0])["ItemId"]
        yield identity.get("Id", ""), identity.get("ChangeKey", "")

"""Tasks: their day, and whether they are done."""

from datetime import UTC, datetime
from typing import Any

from andock_sdk.connector import Connector
from andock_sdk.contract.case import Case, title_of
from andock_sdk.contract.harness import NotApplicable
from andock_sdk.contract.rules import expect, rule
from andock_sdk.items import Item, Patch

_LATER: tuple[dict[str, Any], ...] = ({"done": True}, {"done": False, "due_day": ""})


@rule("silver")
def tasks_read(case: Case) -> None:
    """A task is read with its day, if it has one, and as open or done."""
    connector, collection = _list(case)
    for fields in _states():
        _, found = case.put(connector, collection, **fields)
        _same(found.item, fields, "what lies there")


@rule("silver")
def tasks_written(case: Case) -> None:
    """A task is written with its day and its state, ticked off and taken up again."""
    connector, collection = _list(case, writable=True)
    for number, fields in enumerate(_states()):
        item = case.item(connector, **fields)
        made = connector.create(collection, item, f"contract-operation-{number}")
        _same(made.item, fields, "what create returns")
        for changed in _LATER:
            after = made.item.model_copy(update=changed)
            patch = Patch(item=after, before=made.item, fields=frozenset(changed))
            made = connector.update(collection, made.ref, patch, made.version)
            _same(made.item, changed, "what update returns")
        (read,) = case.connect().read(collection, [made.ref])
        expect(read == made, "what update returned is not what is read afterwards")
        expect(case.seen(collection, title_of(item)), "the other side does not show it")


def _list(case: Case, *, writable: bool = False) -> tuple[Connector, str]:
    connector, collection = case.calendar(writable=writable)
    if case.kind(connector) != "tasks":
        raise NotApplicable("there is no list of tasks")
    return connector, collection


def _states() -> tuple[dict[str, Any], ...]:
    """Without a day; with one around which clocks change, where days slip most easily; done."""
    year = datetime.now(UTC).year + 1
    return (
        {"due_day": "", "done": False},
        {"due_day": f"{year}-03-29", "done": False},
        {"due_day": f"{year}-10-25", "done": False},
        {"due_day": f"{year}-12-31", "done": True},
    )


def _same(found: Item, wanted: dict[str, Any], what: str) -> None:
    told = {name: getattr(found, name, None) for name in wanted}
    expect(told == wanted, f"{what}: {wanted} was meant, {told} is read")

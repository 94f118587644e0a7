"""Somebody else at work between two calls of a connector."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from andock_sdk import RemoteItem, errors

Write = Callable[[], RemoteItem]


def every_point(
    monkeypatch: pytest.MonkeyPatch,
    client: Any,
    somebody: Callable[[], object],
    attempt: Callable[[int], Write],
    first: int,
) -> list[RemoteItem | errors.AndockError]:
    """`client`: the connector's, whose every request goes through `call`.

    What comes of a write when somebody acts before its request number `first`, in the next
    attempt before the one after that, and so on until they come too late. `attempt` prepares the
    attempt of that number."""
    outcomes: list[RemoteItem | errors.AndockError] = []
    send = client.call
    for point in count(first):
        write, requests = attempt(point), count()
        acted: list[object] = []

        def call(*given: Any, at: int = point, numbers: Any = requests, told: Any = acted) -> Any:
            if next(numbers) == at:
                told.append(somebody())
            return send(*given)

        with monkeypatch.context() as patched:
            patched.setattr(client, "call", call)
            try:
                outcomes.append(write())
            except errors.AndockError as error:
                outcomes.append(error)
        if not acted:
            break
    assert isinstance(outcomes[-1], RemoteItem), outcomes[-1]  # they came too late
    return outcomes[:-1]


def kinds(outcomes: list[RemoteItem | errors.AndockError], theirs: str) -> set[type]:
    """Which errors came. Where there was none, what `theirs` names must not be in the item."""
    for one in outcomes:
        assert not isinstance(one, RemoteItem) or theirs not in one.item.model_dump_json(), one
    return {type(one) for one in outcomes if isinstance(one, errors.AndockError)}

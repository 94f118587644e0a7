"""Plugins that listen, one well and one badly."""

import os
from typing import Any

from andock_sdk import hookimpl
from tests.host.odd_plugins import SECRET, Good


def observer() -> Good:
    """Listens, and writes down what it hears in the file that ODD_HEARD names."""

    class Observer(Good):
        slug = "observer"

        @hookimpl
        def sync_finished(self, connection: Any, counts: dict[str, int]) -> None:
            with open(os.environ["ODD_HEARD"], "a") as heard:
                heard.write(f"{connection.connection_id} {counts}\n")

    return Observer()


def bad_observer() -> Good:
    """Listens, and breaks."""

    class BadObserver(Good):
        slug = "bad-observer"

        @hookimpl
        def sync_finished(self, connection: Any, counts: dict[str, int]) -> None:
            raise RuntimeError(SECRET)

    return BadObserver()

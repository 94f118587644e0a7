"""Hooks that answer as a test wants."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from andock_core.host.calls import Hooks

_call = Hooks.call


@contextmanager
def answering(hook: str, answer: Any) -> Iterator[None]:
    """One hook of every integration gives this answer; the others are asked."""

    def call(self: Hooks, slug: str, asked: str, **arguments: Any) -> Any:
        return answer if asked == hook else _call(self, slug, asked, **arguments)

    with patch.object(Hooks, "call", call):
        yield

"""A server in a process of its own, so that its work is not counted.

Talks in lines of JSON: the server's first line tells where it is, each further line of its input is
an order, each line of its output the answer.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol


class Orders(Protocol):
    """The server's side: each further method is an order."""

    def about(self) -> dict[str, object]:
        """Where it is."""


class Served:
    """The other side of a server, by its `process`, or by what another process was told `about`
    it, which can give no orders."""

    def __init__(
        self, process: subprocess.Popen[str] | None = None, about: dict[str, Any] | None = None
    ) -> None:
        self._process = process
        self.about = about or self._answer()
        self.ca_file: str = self.about["ca"]

    def order(self, order: str, *given: object) -> dict[str, Any]:
        """Let the server do something: call a method of its `Orders`."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([order, *given]) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdout is not None
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found

    def dump(self) -> str:
        """What another process has to be told."""
        return json.dumps(self.about)


@contextmanager
def process_of(module: str) -> Iterator[subprocess.Popen[str]]:
    """Run a server's module; it is given an empty folder, and ends with the block."""
    with tempfile.TemporaryDirectory() as home:
        process = subprocess.Popen(
            [sys.executable, "-m", module, home],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with process:
            try:
                yield process
            finally:
                assert process.stdin is not None
                process.stdin.close()
                process.wait(20)


def obey(orders: Orders) -> None:
    """The server's side: do what comes until the input ends."""
    print(json.dumps(orders.about()), flush=True)
    for line in sys.stdin:
        order, *given = json.loads(line)
        print(json.dumps(getattr(orders, order)(*given)), flush=True)

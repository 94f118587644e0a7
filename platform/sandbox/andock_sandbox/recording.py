"""Keeping every EWS exchange of a server, and every answer of Graph, in a file, one JSON line each.

For those who want to look at the bodies later, or to check them against a schema. Deliberate
faults are left out. The environment variable ANDOCK_SANDBOX_RECORD names the folder.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from .model import Json

if TYPE_CHECKING:
    from .cloud import Request
    from .graph.context import Answer

VARIABLE = "ANDOCK_SANDBOX_RECORD"


def to_folder(folder: Path) -> Callable[[bytes, bytes], None]:
    """A recorder that writes into a new file of a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{os.getpid()}.jsonl"
    lock = threading.Lock()

    def record(request: bytes, answer: bytes) -> None:
        line = json.dumps([request.decode("latin-1"), answer.decode("latin-1")])
        with lock, path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    return record


def from_environment() -> Callable[[bytes, bytes], None] | None:
    """The recorder that the environment asks for; None when it asks for none."""
    folder = os.environ.get(VARIABLE)
    return to_folder(Path(folder)) if folder else None


def read(folder: Path) -> Iterator[tuple[bytes, bytes]]:
    """All recorded (request, answer) pairs of a folder."""
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as file:
            for line in file:
                request, answer = json.loads(line)
                yield request.encode("latin-1"), answer.encode("latin-1")


def graph_to_folder(folder: Path) -> Callable[[Request, Answer], None]:
    """A recorder of Graph's answers that writes into a new file of a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{os.getpid()}.graph"
    lock = threading.Lock()

    def record(request: Request, answer: Answer) -> None:
        if not answer.kind or answer.content is None:
            return
        lines = answer.content["value"] if answer.many else [answer.content]
        line = json.dumps([f"{request.method} {request.path}", answer.kind, lines])
        with lock, path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    return record


def graph_from_environment() -> Callable[[Request, Answer], None] | None:
    """The recorder of Graph's answers that the environment asks for; None when for none."""
    folder = os.environ.get(VARIABLE)
    return graph_to_folder(Path(folder)) if folder else None


def read_graph(folder: Path) -> Iterator[tuple[str, str, list[Json]]]:
    """All recorded (request, type, objects) of a folder."""
    for path in sorted(folder.glob("*.graph")):
        with path.open(encoding="utf-8") as file:
            for line in file:
                where, kind, lines = json.loads(line)
                yield where, kind, lines

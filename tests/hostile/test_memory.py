"""What is too much: bodies of 200 MB, plain and packed; the process stays small."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from andock_sdk.https import wire as transport
from tests.hostile.answers import megabytes, squeezed
from tests.hostile.rogue import XML, Reply, Twist
from tests.hostile.scene import Scene

MEGABYTE = 1024 * 1024
ENOUGH = 2.5 * transport.MOST_BYTES
"""Memory that a run may take for an answer at its very limit: the pieces, and the whole once."""
PACKED = squeezed(200)

TOO_MUCH: dict[str, Twist] = {
    "200 MB, its length told": lambda _: Reply(
        megabytes(200), headers=(XML, f"Content-Length: {200 * MEGABYTE}"), length=False
    ),
    "200 MB, its length not told": lambda _: Reply(megabytes(200), length=False),
    "200 MB in 200 KB of gzip": lambda _: Reply(PACKED, headers=(XML, "Content-Encoding: gzip")),
    "200 MB with a refusal": lambda _: Reply(
        megabytes(200), "401 Unauthorized", ("WWW-Authenticate: Basic realm=x",), length=False
    ),
    "200 MB of a login page": lambda _: Reply(
        megabytes(200, b"<html>"), headers=("Content-Type: text/html",), length=False
    ),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_a_body_of_200_megabytes(scene: Scene, name: str) -> None:
    """The run ends with a message, in seconds, and never holds more than its limit."""
    scene.add("Before")
    assert scene.run() == ("done", "")
    scene.rogue.twists["SyncFolderItems"] = TOO_MUCH[name]
    with watched() as peak:
        _, key = scene.run()
    assert key in ("answer.too_large", "sign_in.refused")
    assert peak[0] < ENOUGH
    scene.rogue.twists.clear()
    assert [span["title"] for span in scene.shown(scene.visitor())] == ["Before"]


def test_an_item_of_100_megabytes_is_left_alone(scene: Scene) -> None:
    """Asked for one by one, the others arrive."""
    scene.add("First", day=2)
    ref = scene.add("Giant", day=3)
    scene.add("Last", day=4)
    giant = transport.MOST_BYTES // MEGABYTE + 1

    def tamper(honest: bytes) -> Reply:
        return Reply(megabytes(giant) if b">Giant<" in honest else honest, length=False)

    scene.rogue.twists["GetItem"] = tamper
    assert scene.run() == ("done", "")
    assert scene.troubles() == {ref: "item.unreadable"}
    titles = {span["title"] for span in scene.shown(scene.visitor())}
    assert titles == {"First", "Last"}


@contextmanager
def watched() -> Iterator[list[int]]:
    """How many bytes the process grows by at most, looked at all the time."""
    process, over = psutil.Process(), threading.Event()
    before = process.memory_info().rss
    peak = [0]

    def look() -> None:
        while not over.is_set():
            peak[0] = max(peak[0], process.memory_info().rss - before)
            time.sleep(0.005)

    watcher = threading.Thread(target=look)
    watcher.start()
    yield peak
    over.set()
    watcher.join()

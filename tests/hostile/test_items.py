"""A hostile item arrives in a harmless form, or is set aside with a message; the others arrive."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.hostile.items import MARK, TABLE, Row
from tests.hostile.scene import Scene

BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@pytest.mark.more
def test_all_hostile_items_at_once(scene: Scene) -> None:
    """Sixty bad entries in one calendar, and each of the good ones among them arrives."""
    refs: dict[str, Row] = {}
    good = []
    for number, row in enumerate(TABLE):
        refs[scene.add(f"{MARK}-{number:02}", day=3)] = row
        good.append(f"Good {number}")
        scene.add(good[-1], day=4)
    scene.rogue.twists["GetItem"] = _all_of_them
    assert scene.run() == ("done", "")
    expected = {ref: row.expected for ref, row in refs.items() if row.expected != "arrives"}
    assert scene.troubles() == expected
    visitor = scene.visitor()
    spans = scene.shown(visitor)
    assert set(good) <= {span["title"] for span in spans}
    for span in spans:
        _check_span(visitor, span)
    scene.rogue.twists.clear()
    assert scene.run() == ("done", "")
    assert scene.troubles() == {}
    assert len(scene.shown(visitor)) >= 2 * len(TABLE) - 10  # some lie in other centuries


@pytest.mark.more
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_a_hostile_item(anywhere: Scene, row: Row) -> None:
    """Three entries, one tampered with: two arrive in any case, and every page stays whole."""
    scene = anywhere
    scene.add("First", day=2)
    ref = scene.add(MARK, day=3)
    scene.add("Last", day=4)
    scene.rogue.twists["GetItem"] = row.tamper
    assert scene.run() == ("done", "")
    assert scene.troubles() == ({} if row.expected == "arrives" else {ref: row.expected})
    visitor = scene.visitor()
    spans = scene.shown(visitor)
    assert {"First", "Last"} <= {span["title"] for span in spans}
    for span in spans:
        _check_span(visitor, span)
    assert visitor.get("/calendar/").status_code == 200
    assert visitor.get("/calendar/sync").status_code == 200


def _all_of_them(honest: bytes) -> bytes:
    """Each marked entry tampered with as its row says; several in one answer break it, so that
    they are asked for one by one."""
    marks = set(re.findall(rf"{MARK}-(\d\d)".encode(), honest))
    if len(marks) > 1:
        return honest[: len(honest) // 2]
    if marks:
        mark = marks.pop()
        name = f"{MARK}-{mark.decode()}".encode()
        return TABLE[int(mark)].tamper(honest.replace(name, MARK.encode()))
    return honest


def _check_span(visitor: FlaskClient, span: dict[str, Any]) -> None:
    """What a page gets of an entry: short enough to draw, safe, and in its own direction."""
    assert len(span["title"]) < 1000
    assert not BIDI & set(span["title"])
    answer = visitor.get(f"/calendar/entries/{span['entry']}?at={span['at']}")
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    notes = answer.json["notes"].lower()
    for evil in ("<script", "onerror", "javascript:", "<img"):
        assert evil not in notes
    assert len(notes) < 500_000

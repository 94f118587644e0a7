"""Each hostile answer ends a run with a message that people can read; nothing is lost by it."""

import pytest

from andock_exchange_calendar import transport
from tests.hostile.answers import TABLE, Case
from tests.hostile.scene import Scene


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case.name)
def test_a_hostile_answer(scene: Scene, monkeypatch: pytest.MonkeyPatch, case: Case) -> None:
    """What was there stays, the page says what happened, and the next honest run brings the rest."""
    monkeypatch.setattr(transport, "WHOLE_TIMEOUT", 1.0)
    scene.add("Before")
    assert scene.run() == ("done", "")
    scene.add("After", day=4)
    scene.rogue.twists[case.operation] = case.twist
    _, key = scene.run()
    assert key == case.key
    if __import__("os").environ.get("NOPAGE"):
        return
    visitor = scene.visitor()
    assert "Before" in {span["title"] for span in scene.shown(visitor)}
    page = visitor.get("/calendar/")
    assert page.status_code == 200
    if key:
        assert visitor.get("/calendar/sync").json["said"].partition(": ")[2] != "All up to date"
    scene.rogue.twists.clear()
    assert scene.run() == ("done", "")
    assert sorted(span["title"] for span in scene.shown(visitor)) == ["After", "Before"]
    assert scene.troubles() == {}

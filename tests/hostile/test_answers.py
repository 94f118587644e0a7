"""Each hostile answer ends a run with a message that people can read; nothing is lost by it."""

import pytest
from flask.testing import FlaskClient

from andock_sdk.https import wire as transport
from tests.hostile.answers import TABLE, Case
from tests.hostile.scene import Scene


@pytest.fixture(scope="module")
def visitor(lasting: Scene) -> FlaskClient:
    """Mara at her pages."""
    lasting.add("Before")
    assert lasting.run() == ("done", "")
    return lasting.visitor()


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole answer gets one second instead of two minutes."""
    monkeypatch.setattr(transport, "WHOLE_TIMEOUT", 1.0)


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case.name)
def test_a_hostile_answer(lasting: Scene, visitor: FlaskClient, case: Case) -> None:
    """What was there stays, the page says what happened, the next honest run brings the rest."""
    before = {span["title"] for span in lasting.shown(visitor)}
    lasting.add(case.name, day=4)
    lasting.rogue.twists[case.operation] = case.twist
    _, key = lasting.run()
    assert key == case.key
    assert before <= {span["title"] for span in lasting.shown(visitor)}
    assert visitor.get("/calendar/").status_code == 200
    assert _tells(visitor) == bool(key)
    lasting.rogue.twists.clear()
    assert lasting.run() == ("done", "")
    after = [span["title"] for span in lasting.shown(visitor)]
    assert sorted(after) == sorted({*before, case.name})
    assert lasting.troubles() == {}
    assert not _tells(visitor)


def _tells(visitor: FlaskClient) -> bool:
    """Whether the sync card says that something is wrong, in words that are no key."""
    answer = visitor.get("/calendar/sync").json
    assert answer is not None
    return "All up to date" not in answer["said"]

"""A delete is taken back: before a run was there, and after it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from andock_core.clock import now
from andock_core.core import Core
from andock_core.storage import Collection, Connection, Entry, Pair
from andock_web import undo
from tests.calendar.builders import Office, appointment, at

APPOINTMENT = {"visibility": "appointment", "origin": "andock"}
Visit = Callable[[str], FlaskClient]


def deleted(client: FlaskClient, entry_id: str, **target: Any) -> dict[str, Any]:
    body = {"version": 1, "at": "", **target}
    answer = client.post(f"/calendar/entries/{entry_id}/delete", json=body)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def undone(client: FlaskClient, token: str) -> dict[str, Any]:
    found: dict[str, Any] = client.post("/calendar/undo", json={"undo": token}).get_json()
    return found


def row(firm: Office, entry_id: str) -> Entry | None:
    with firm.storage.read(firm.anna.scope) as session:
        found = session.get(Entry, entry_id)
        if found is not None:
            session.expunge(found)
        return found


def pair(firm: Office, entry_id: str) -> None:
    """As if a run had put the entry on the other side."""
    with firm.storage.write(firm.anna.scope) as session:
        mine = {"tenant_id": "t1", "connection_id": "c1"}
        session.add(Connection(id="c1", tenant_id="t1", owner_id="anna", integration="memory"))
        session.flush()
        session.add(Collection(id="k1", ref="r", role="one", **mine))
        session.flush()
        session.add(Pair(id="p1", collection_id="k1", entry_id=entry_id, ref="r1", **mine))


def test_before_any_run_the_same_entry_comes_back(visit: Visit, firm: Office) -> None:
    """Its pair still stands, so the other side never learns that it was away."""
    entry_id = firm.add(firm.anna, appointment(at("2026-11-24 09:00")), **APPOINTMENT)
    pair(firm, entry_id)
    anna = visit("anna")
    gone = deleted(anna, entry_id)
    assert row(firm, entry_id) is None
    answer = undone(anna, gone["undo"])
    assert answer["entry"] == entry_id
    back = row(firm, entry_id)
    assert back is not None
    assert (back.version, back.origin, back.visibility) == (2, "andock", "appointment")


def test_a_converted_entry_stays_one(visit: Visit, firm: Office) -> None:
    """It came from the other side, and may become a private block again."""
    entry_id = firm.add(
        firm.anna, appointment(at("2026-11-24 09:00")), visibility="appointment", origin="remote"
    )
    pair(firm, entry_id)
    with firm.storage.write(firm.anna.scope) as session:
        session.get_one(Entry, entry_id).converted = True
    anna = visit("anna")
    anna.post("/calendar/undo", json={"undo": deleted(anna, entry_id)["undo"]})
    back = row(firm, entry_id)
    assert back is not None
    assert (back.origin, back.converted) == ("remote", True)


def test_after_a_run_it_comes_back_as_a_new_entry_of_ones_own(visit: Visit, firm: Office) -> None:
    """The item there is gone; the next run creates it anew under a fresh operation id."""
    entry_id = firm.add(
        firm.anna, appointment(at("2026-11-24 09:00")), visibility="appointment", origin="remote"
    )
    anna = visit("anna")
    gone = deleted(anna, entry_id)
    answer = undone(anna, gone["undo"])
    assert answer["entry"] != entry_id
    back = row(firm, answer["entry"])
    assert back is not None
    assert (back.origin, back.converted) == ("andock", False)


def test_undone_twice_it_is_there_once(visit: Visit, firm: Office) -> None:
    entry_id = firm.add(firm.anna, appointment(at("2026-11-24 09:00")), **APPOINTMENT)
    pair(firm, entry_id)
    anna = visit("anna")
    token = deleted(anna, entry_id)["undo"]
    answers = [undone(anna, token) for _ in range(2)]
    assert answers == [{"entry": entry_id, "version": 2}] * 2


def test_one_date_of_a_series_comes_back_as_it_was(visit: Visit, firm: Office) -> None:
    """Also when the series changed in between."""
    series = appointment(at("2026-11-24 09:00"), "FREQ=DAILY;COUNT=3")
    entry_id = firm.add(firm.anna, series, **APPOINTMENT)
    anna = visit("anna")
    gone = deleted(anna, entry_id, at="2026-11-25T09:00:00")
    with firm.storage.write(firm.anna.scope) as session:
        entries = firm.entries(session, firm.anna)
        entry = entries.get(entry_id)
        assert entry is not None
        changed = entries.document(entry).model_copy(update={"location": "Room 2"})
        entries.replace(entry, changed, expected_version=2)
    assert anna.post("/calendar/undo", json={"undo": gone["undo"]}).status_code == 200
    back = row(firm, entry_id)
    assert back is not None
    assert back.document is not None
    assert (back.document["cancellations"], back.document["location"]) == ([], "Room 2")


@pytest.mark.parametrize("token", [None, 7, "", "x", "ä", "Zm9v"])
def test_a_strange_token_undoes_nothing(visit: Visit, token: object) -> None:
    answer = visit("anna").post("/calendar/undo", json={"undo": token})
    assert answer.status_code == 410


def test_nobody_undoes_for_somebody_else(visit: Visit, firm: Office) -> None:
    """A colleague with the token gets nothing out of it."""
    entry_id = firm.add(firm.anna, appointment(at("2026-11-24 09:00")), **APPOINTMENT)
    gone = deleted(visit("anna"), entry_id)
    assert visit("ben").post("/calendar/undo", json={"undo": gone["undo"]}).status_code == 410


def test_after_ten_minutes_it_is_too_late(
    visit: Visit, firm: Office, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry_id = firm.add(firm.anna, appointment(at("2026-11-24 09:00")), **APPOINTMENT)
    anna = visit("anna")
    gone = deleted(anna, entry_id)
    monkeypatch.setattr(undo, "now", lambda: now() + timedelta(minutes=11))
    answer = anna.post("/calendar/undo", json={"undo": gone["undo"]})
    assert answer.status_code == 410
    assert answer.get_json()["error"] == "entry.undo"

"""Texts from outside on their way in and out."""

import gzip
import json
from datetime import UTC, datetime, timedelta

from andock_web.lines import one_line
from tests.hostile.scene import Scene


def test_a_title_keeps_to_one_line_and_its_own_direction() -> None:
    """No line end, no override, nothing endless; letters of any script stay."""
    assert one_line("a\r\nb\u2028c\x00d") == "a b c d"
    assert one_line("\u202egpj.exe\u2066 שלום \u200fمرحبا") == "gpj.exe שלום \u200fمرحبا"
    assert len(one_line("Z" + "\u0300" * 5000)) <= 300


def test_characters_that_no_database_holds_do_not_come_in(anywhere: Scene) -> None:
    """From JSON they are taken out; elsewhere they are refused, with words."""
    visitor = anywhere.visitor()
    entry = {
        "title": "a\x00b\ud800c", "start_day": "2026-11-24", "end_day": "2026-11-24",
        "start_time": "09:00", "end_time": "10:00",
    }  # fmt: skip
    made = visitor.post("/calendar/entries", json=entry)
    assert made.status_code == 201
    assert made.json is not None
    told = visitor.get(f"/calendar/entries/{made.json['entry']}").json
    assert told is not None
    assert told["title"] == "abc"
    assert visitor.get("/calendar/entries/a%00b").status_code == 400
    assert visitor.post("/sign-in", data={"email": "a\x00b", "password": "x"}).status_code == 400


def test_json_too_deep_is_refused(scene: Scene) -> None:
    """Not an unexpected error."""
    answer = scene.visitor().post(
        "/calendar/entries", data=b"[" * 100_000, content_type="application/json"
    )
    assert answer.status_code == 400


def test_much_data_is_packed_for_who_can_unpack_it(scene: Scene) -> None:
    """And reads the same as unpacked."""
    for number in range(30):
        scene.add(f"Entry {number}")
    assert scene.run() == ("done", "")
    visitor = scene.visitor()
    day = datetime.now(UTC).date()
    path = f"/calendar/spans?from={day}&to={day + timedelta(weeks=2)}"
    packed = visitor.get(path, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert json.loads(gzip.decompress(packed.data)) == visitor.get(path).json

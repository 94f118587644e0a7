"""Every address with whatever may be sent to it: an answer in words, never an unexpected error."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

import andock_marketplace
import andock_web
from andock_core.accounts.passwords import hash_password
from andock_core.core import Core
from andock_core.storage import SYSTEM, Member
from andock_web.app import create_app
from andock_web.areas import register_areas
from tests.calendar.builders import Office, appointment, at, open_office
from tests.hostile.mutation import TEXTS
from tests.hostile.scene import PASSWORD, core_at

NAMES = re.compile(r'name="(\w+)"|(?:form|args|data|values)\.get(?:list)?\("(\w+)"')
ENDING = {"shell.sign_out", "profile.end_session", "static"}
"""Addresses that end the session, or are files."""
QUEUE_DOWN = 503
WORDS_FOR_TOO_MUCH = 413
ODD: tuple[Any, ...] = (
    *TEXTS,
    *(None, True, False, 0, -1, 1.5, 1e308, 2**31, 2**63, 2**64, -(2**63) - 1, 10**40),
    *([], {}, [[]], [None], {"a": 1}, [1] * 50, {"": ""}, [{"x": []}]),
    *("\x00", "a\x00b", "\ud800", "\udfff\ud800", "\u202e", "x" * 100_000, "\r\n", "%", "_", "\\"),
    *("2026-11-24", "9999-12-31", "0001-01-01", "09:00", "24:00", "25:61", "2026-11-24T09:00:00"),
    *("0001-01-01T00:00:00", "9999-12-31T23:59:59", "٣", "²", "9" * 5000, "Europe/Berlin", "/etc"),
    *("daily", "weekly", "monthly_day", "until", "count", "series", "keep", "busy", "on", "one"),
)
ENTRY: dict[str, Any] = {
    "title": "Standup", "start_day": "2026-11-24", "end_day": "2026-11-24", "start_time": "09:00",
    "end_time": "10:00", "all_day": False, "zone": "Europe/Berlin", "place": "", "notes": "",
    "busy": "busy", "reminder": "15", "version": 1, "at": "", "scope": "series", "agreed": True,
    "start": "2026-11-24T09:00:00", "end": "2026-11-24T10:00:00",
    "repeat": {"kind": "weekly", "interval": 1, "days": ["TU"], "end": "count", "count": 3,
               "until": ""},
}  # fmt: skip


@pytest.fixture
def core(sqlite_url: str, tmp_path: Path) -> Iterator[Core]:
    """A core without a queue's server."""
    opened = core_at(sqlite_url, tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture
def core_anywhere(database_url: str, tmp_path: Path) -> Iterator[Core]:
    """The same on both databases: they choke on different things."""
    opened = core_at(database_url, tmp_path / "home")
    yield opened
    opened.close()


class Walker:
    """Somebody signed in who sends anything anywhere, by `seed`."""

    def __init__(self, core: Core, seed: int) -> None:
        self.random = Random(seed)
        self.app = _app(core)
        office = open_office(core.storage, core.vault)
        self.ids = [
            "none",
            "0" * 32,
            "%00",
            "a%00b",
            "x" * 400,
            "..",
            "%2e%2e%2f",
            "\u202e",
            "anna",
        ]
        self.ids += _entries(office) * 5
        self.rules = [rule for rule in self.app.url_map.iter_rules() if _walked(rule)]
        self.names = sorted(_names())
        self.client = self._client(core)

    def _client(self, core: Core) -> FlaskClient:
        core_sign_in(core)
        client = self.app.test_client()
        answer = client.post("/sign-in", data={"email": "anna@t1.example", "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return client

    def step(self) -> tuple[str, TestResponse]:
        """One request; what it was, and the answer."""
        rule = self.random.choice(self.rules)
        path = re.sub(r"<[^>]+>", lambda _: self.random.choice(self.ids), rule.rule)
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        method = self.random.choice(methods)
        options: dict[str, Any] = {}
        if self.random.random() < (0.8 if method == "GET" else 0.2):
            options["query_string"] = self._query(rule)
        if method == "POST":
            options |= self._body()
        accept = self.random.choice(("application/json", "text/html"))
        answer = self.client.open(path, method=method, headers={"Accept": accept}, **options)
        return f"{method} {path[:80]} {str(options)[:600]}", answer

    def _query(self, rule: Rule) -> dict[str, str]:
        names = ["from", "to", "people", "at"] if rule.endpoint == "calendar.spans" else self.names
        picked = self.random.sample(names, self.random.randint(1, 4))
        return {name: _text(self.random.choice(ODD)) for name in picked}

    def _body(self) -> dict[str, Any]:
        match self.random.randrange(8):
            case 0:
                raw = self.random.choice(
                    (b"", b"{", b"[" * 50_000, b'"\\ud800"', b"\xff", b"1e999")
                )
                return {"data": raw, "content_type": "application/json"}
            case 1:
                return {"json": self.random.choice(ODD)}
            case 2 | 3 | 4:
                return {"data": json.dumps(self._entry()), "content_type": "application/json"}
            case 5:
                return {"data": b"\xff=%ff&a=%00", "content_type": "multipart/form-data"}
            case _:
                picked = self.random.sample(self.names, self.random.randint(1, 12))
                return {"data": {name: _text(self.random.choice(ODD)) for name in picked}}

    def _entry(self) -> dict[str, Any]:
        made = {**ENTRY, "repeat": dict(ENTRY["repeat"])}
        for _ in range(self.random.randint(0, 3)):
            where = made["repeat"] if self.random.random() < 0.3 else made
            if isinstance(where, dict) and where:
                where[self.random.choice(list(where))] = self.random.choice(ODD)
        return made


def _text(value: Any) -> str:
    """As a browser would send it: halves of surrogate pairs do not get that far."""
    return str(value).encode("utf-8", "replace").decode()


def _walked(rule: Rule) -> bool:
    for_machines = rule.endpoint.startswith("operating.")
    return (
        not for_machines and rule.endpoint not in ENDING and not rule.endpoint.endswith(".static")
    )


def _names() -> set[str]:
    """Every name of a field that a template or a view mentions."""
    found: set[str] = set()
    for package in (andock_web, andock_marketplace):
        for place in package.__path__:
            for file in Path(place).rglob("*"):
                if file.suffix in (".html", ".py"):
                    found |= {a or b for a, b in NAMES.findall(file.read_text())}
    return found


def _app(core: Core) -> Flask:
    app = create_app(core)
    app.config["WTF_CSRF_ENABLED"] = False
    register_areas(app)
    andock_marketplace.register(app)
    return app


def _entries(office: Office) -> list[str]:
    series = appointment(at("2026-11-24 09:00"), "FREQ=WEEKLY;COUNT=5")
    visible = {"visibility": "appointment", "origin": "andock"}
    return [
        office.add(office.anna, series, **visible),
        office.add(office.anna, appointment(at("2026-11-25 09:00")), **visible),
        office.add(office.anna, series),
    ]


def core_sign_in(core: Core) -> None:
    """Give Anna a password."""
    with core.storage.write(SYSTEM) as session:
        anna = update(Member).where(Member.id == "anna")
        session.execute(anna.values(password_hash=hash_password(PASSWORD)))


def walk(core: Core, seed: int, steps: int, caplog: pytest.LogCaptureFixture) -> None:
    """So many requests; the first unexpected error fails with all that is known of it."""
    caplog.set_level(logging.ERROR)
    walker = Walker(core, seed)
    for number in range(steps):
        caplog.clear()
        what, answer = walker.step()
        seen = f"step {number}: {what} -> {answer.status}\n{caplog.text[-1500:]}"
        assert answer.status_code < 500 or answer.status_code == QUEUE_DOWN, seen
        if answer.status_code >= 400 and answer.is_json:
            assert answer.json is not None, seen
            assert answer.json["title"], seen
        if "/sign-in" in answer.headers.get("Location", ""):
            walker.client = walker._client(core)


def test_anything_sent_anywhere(core: Core, caplog: pytest.LogCaptureFixture) -> None:
    """The same requests each time."""
    walk(core, seed=1, steps=400, caplog=caplog)


@pytest.mark.more
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(2, 6))
def test_much_sent_anywhere(
    core_anywhere: Core, caplog: pytest.LogCaptureFixture, seed: int
) -> None:
    """On both databases."""
    walk(core_anywhere, seed, steps=3000, caplog=caplog)

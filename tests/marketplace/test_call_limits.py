"""How often a member may make Andock call a server."""

import time

import pytest
from limits import parse

from andock_core.connections import service
from andock_web import limits
from tests.connections.world import GOOD, World
from tests.marketplace.conftest import Visit
from tests.marketplace.visitor import Visitor, words
from tests.support.memory_plugin import SLUG

FORM = {f"answer-{name}": value for name, value in GOOD.items()}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two are many here."""
    monkeypatch.setattr(limits, "CALLS", parse("2 per 10 minutes"))


@pytest.fixture
def access(world: World) -> str:
    """The address of a connection's first step."""
    connection_id = service.add(world.core, world.anna, SLUG)
    return f"/connections/{connection_id}/access"


def used_up(browser: Visitor, access: str) -> None:
    """All searches that are allowed."""
    for _ in range(limits.CALLS.amount):
        assert browser.post(access, {**FORM, "act": "search"}).status_code == 303


def test_one_test_too_many_waits_and_is_told_how_long(
    world: World, anna: Visitor, access: str
) -> None:
    used_up(anna, access)
    world.jobs.jobs.clear()
    answer = anna.post(access, FORM)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 600
    assert "Das war viel in kurzer Zeit." in words(answer.text)
    assert "Versuchen Sie es in 10 Minuten noch einmal." in words(answer.text)
    assert str(GOOD["password"]) not in answer.text
    assert world.jobs.jobs == []


def test_it_is_said_in_english_too(visit: Visit, world: World, access: str) -> None:
    browser = visit(world.anna, "en")
    used_up(browser, access)
    answer = browser.post(access, FORM)
    assert "That was a lot in a short time." in words(answer.text)
    assert "Nothing was done. Try again in 10 minutes." in words(answer.text)


def test_a_script_is_told_in_json(anna: Visitor, access: str) -> None:
    used_up(anna, access)
    token = anna.get("/marketplace/").partition('csrf-token" content="')[2].partition('"')[0]
    headers = {"Accept": "application/json", "X-CSRFToken": token}
    answer = anna.client.post(access, data={**FORM, "act": "search"}, headers=headers)
    assert (answer.status_code, answer.get_json()["error"]) == (429, "calls.too_many")
    assert int(answer.headers["Retry-After"]) >= 1


def test_another_member_does_not_wait(
    world: World, visit: Visit, access: str, anna: Visitor
) -> None:
    used_up(anna, access)
    other = service.add(world.core, world.ben, SLUG)
    answer = visit(world.ben).post(f"/connections/{other}/access", FORM)
    assert answer.status_code == 303


def test_later_it_goes_on(anna: Visitor, access: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CALLS", parse("1 per 1 second"))
    used_up(anna, access)
    answer = anna.post(access, {**FORM, "act": "search"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    time.sleep(1.1)
    assert anna.post(access, {**FORM, "act": "search"}).status_code == 303

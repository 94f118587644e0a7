"""What is private stays unreadable for everybody else, on every page and in every store."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from playwright.sync_api import expect

from tests.e2e import outlook
from tests.e2e.person import Person
from tests.support.demo import DemoRun

pytestmark = [pytest.mark.browser, pytest.mark.more]
Enter = Callable[..., Person]
ANNA, BEN, DORA = "anna@musterfirma.test", "ben@musterfirma.test", "dora@nordlicht.test"
ZONE = "Europe/Berlin"  # stands everywhere, and in a place's name
LONG_ENOUGH = 6  # letters: shorter words stand in any log


@pytest.fixture(scope="module")
def private_words(demo: DemoRun) -> set[str]:
    """Subjects, places and notes of all that lies in Anna's mailbox."""
    found: set[str] = set()
    with outlook.mailbox(demo.ready, ANNA) as account:
        for folder in (account.calendar, *account.calendar.parent.walk()):
            if folder.CONTAINER_CLASS != "IPF.Appointment":
                continue
            for item in folder.all().only("subject", "location", "text_body"):
                found |= {item.subject or "", item.location or "", item.text_body or ""}
    words = {word.strip() for word in found}
    return {word for word in words if len(word) >= LONG_ENOUGH and word not in ZONE}


@pytest.fixture
def anna(person: Enter) -> Person:
    """Anna, connected, with all her calendars."""
    someone = person(ANNA)
    someone.sign_in()
    if someone.page.locator("[data-sync]").count() == 0:
        someone.connect("Kalender", ("Familie", "Projekt Hafencity"))
        someone.go_to_calendar()
        someone.sync_now()
    return someone


def shown(someone: Person) -> set[str]:
    """Titles and places of what the person made visible: colleagues may read those."""
    visible = [span for span in someone.around_today() if span["kind"] == "appointment"]
    return {span[name] for span in visible for name in ("title", "place")}


def leaks(text: str, words: set[str]) -> set[str]:
    """Which of the words stand in the text."""
    return {word for word in words if word in text}


def test_a_colleague_sees_that_time_is_taken_and_nothing_else(
    anna: Person, person: Enter, private_words: set[str]
) -> None:
    """Neither the page nor the JSON behind it has a subject, a place or a note."""
    assert len(private_words) > 20
    ben = person(BEN)
    ben.sign_in()
    ben.page.get_by_label("Anna Keller").check()
    expect(ben.page.locator(".cal-block.cal-other").first).to_be_visible()
    hidden = private_words - shown(anna)
    assert leaks(ben.page.content(), hidden) == set()
    spans = ben.around_today(member_id(ben, "Anna Keller"))
    blocks = [s for s in spans if not s["mine"] and s["kind"] == "block"]
    assert blocks
    assert {key for block in blocks for key in block} == {
        "who",
        "mine",
        "kind",
        "start",
        "end",
        "allDay",
        "busy",
    }
    assert leaks(str(spans), hidden) == set()


def test_no_log_line_no_queue_and_no_file_has_private_words(
    anna: Person, demo: DemoRun, private_words: set[str]
) -> None:
    """All logs, all of Redis and the whole database file are searched."""
    hidden = private_words - shown(anna)
    secrets = {box["password"] for box in demo.ready["exchange"]["mailboxes"]}
    for path in database_and_logs(demo.home):
        content = path.read_bytes().decode("utf-8", "replace")
        assert leaks(content, hidden | secrets) == set(), path.name
    assert leaks(everything_in_redis(demo.home), hidden | secrets) == set()


def test_another_tenant_gets_nothing_whatever_id_it_asks_for(anna: Person, person: Enter) -> None:
    """Entries, connections and members of the first tenant do not exist for the second."""
    connection = anna.page.locator("[data-sync]").get_attribute("data-sync")
    entries = {s["entry"] for s in anna.around_today() if "entry" in s}
    assert entries
    dora = person(DORA)
    dora.sign_in()
    token = dora.page.locator("meta[name=csrf-token]").get_attribute("content") or ""
    ask = dora.page.request
    for entry in entries:
        assert ask.get(f"{dora.web_url}/calendar/entries/{entry}").status == 404
    steps = ("access", "test", "choice", "preview", "first-run", "settings", "disconnect")
    for path in ("", *(f"/{step}" for step in steps)):
        assert ask.get(f"{dora.web_url}/connections/{connection}{path}").status == 404
    for act in (f"/calendar/sync/{connection}", f"/calendar/entries/{entries.pop()}/show"):
        answer = ask.post(f"{dora.web_url}{act}", headers={"X-CSRFToken": token}, data={})
        assert answer.status in (400, 404), act
    spans = dora.around_today(member_id(anna, "Ben Lorenz"))
    assert all(span["mine"] for span in spans)


def member_id(someone: Person, name: str) -> str:
    """The id of a colleague, as the person's calendar page has it."""
    box = someone.page.get_by_label(name)
    return box.get_attribute("value") or ""


def database_and_logs(home: Path) -> Iterator[Path]:
    """All files of the data folder but the sandbox's own and the demo's passwords."""
    for path in home.rglob("*"):
        private = path.name in ("demo.json", "demo-passwords.json")
        if path.is_file() and not private and "sandbox" not in path.relative_to(home).parts:
            yield path


def everything_in_redis(home: Path) -> str:
    """All keys with all that they hold."""
    client = redis.Redis(unix_socket_path=str(home / "valkey.sock"))
    try:
        dumps = [key + (client.dump(key) or b"") for key in client.scan_iter()]
    finally:
        client.close()
    return re.sub(r"\s+", " ", b" ".join(dumps).decode("utf-8", "replace"))

"""A change in the mailbox arrives in Andock because Graph calls, with web, worker, dispatcher and
stand-in as processes of their own. Nothing else would bring it: no run is due for half an hour, and
nobody clicks."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from sqlalchemy import func, select

from andock_core import accounts, clock, config
from andock_core.accounts import MemberInfo
from andock_core.calendar.entries import Entries
from andock_core.calendar.window import Window
from andock_core.connections import service, status
from andock_core.core import Core
from andock_core.storage import SYSTEM, Connection, Entry, Run, WebhookCall
from andock_demo import colleague
from andock_demo.settings import DemoSettings
from andock_sdk import Answers
from tests.e2e.cloud import Demo
from tests.sandbox.graph_client import Browser, Graph
from tests.support.demo import DemoRun

pytestmark = [pytest.mark.more, pytest.mark.timeout(240)]
ANNA, SESSION, SLUG = "anna@musterfirma.test", "s" * 32, "office365-calendar"
PATIENCE = 60.0
A_WHILE = timedelta(minutes=5)


@dataclass
class Place:
    """A demo that runs, Anna's connection in use, and her mailbox by Graph."""

    cloud: Demo
    core: Core
    anna: MemberInfo
    connection_id: str
    graph: Graph
    web_url: str

    def runs(self) -> int:
        """How many runs there were."""
        mine = Run.connection_id == self.connection_id
        with self.core.storage.read(SYSTEM) as session:
            return session.scalar(select(func.count(Run.id)).where(mine)) or 0

    def subjects(self) -> set[str]:
        """Of Anna's entries in Andock."""
        with self.core.storage.read(self.anna.scope) as session:
            window = Window.around(clock.now())
            held = Entries(session, self.core.vault, self.anna.tenant_id, self.anna.id, window)
            rows = session.scalars(select(Entry).where(Entry.owner_id == self.anna.id))
            return {getattr(held.document(row), "subject", "") for row in rows}

    def is_quiet(self) -> bool:
        """Whether no call waits, no run is under way, and none is due for a while."""
        with self.core.storage.read(SYSTEM) as session:
            row = session.get_one(Connection, self.connection_id)
            calls = session.scalar(select(func.count(WebhookCall.id))) or 0
            far = row.next_due_at is not None and row.next_due_at > clock.now() + A_WHILE
            return not calls and far and row.lease_until is None and row.requested_at is None

    def settle(self) -> int:
        """Wait until it has been quiet for a moment: our own writes are told as well. The number
        of runs so far."""
        since = time.monotonic()
        deadline = since + PATIENCE
        while time.monotonic() - since < 1:
            if not self.is_quiet():
                since = time.monotonic()
            assert time.monotonic() < deadline
            time.sleep(0.2)
        return self.runs()

    def subscriptions(self) -> list[str]:
        """The ids that the other side has."""
        return sorted(one["id"] for one in self.cloud.state()["microsoft"]["subscriptions"])

    def make(self, *subjects: str) -> None:
        """Anna makes entries with another program, all in one request."""
        day = datetime.now(UTC).date() + timedelta(days=3)
        times = {
            name: {"dateTime": f"{day}T{hour}:00:00", "timeZone": "UTC"}
            for name, hour in (("start", "05"), ("end", "06"))
        }
        requests_ = [
            {
                "id": str(number),
                "method": "POST",
                "url": "/me/events",
                "headers": {"Content-Type": "application/json"},
                "body": {"subject": subject, **times},
            }
            for number, subject in enumerate(subjects)
        ]
        answers = self.graph.do("POST", "/$batch", {"requests": requests_})["responses"]
        assert {one["status"] for one in answers} == {201}


def wait_for(look: Callable[[], Any], what: str) -> None:
    """Until it holds."""
    deadline = time.monotonic() + PATIENCE
    while not look():
        assert time.monotonic() < deadline, f"{what} within {PATIENCE:.0f} s"
        time.sleep(0.2)


def connected(core: Core, anna: MemberInfo, cloud: Demo) -> str:
    """Anna signs in with Microsoft, takes what is proposed, and agrees; the connection's id."""
    connection = service.add(core, anna.scope, SLUG)
    asked = service.listing(core, SLUG).authorize_form
    fields = asked.fields if asked else ()
    answers: Answers = {field.name: ANNA for field in fields if field.required}
    attempt = service.start_test(core, anna.scope, connection, answers, session_id=SESSION)

    def away() -> str:
        return status.attempt(core, anna.scope, attempt).redirect

    browser = Browser(cloud)
    page = browser.sign_in(colleague.wait_for(away, "the sign-in"), ANNA, cloud.password(ANNA))
    page = page if page.answer.is_redirect else browser.press(page, "accept")
    service.come_back(core, anna.scope, SESSION, page.target)

    def tested() -> status.AttemptStatus | None:
        found = status.latest(core, anna.scope, connection, "test")
        return found if found is not None and found.form is not None else None

    form = colleague.wait_for(tested, "the test").form
    assert form is not None
    chosen = {field.name: _suggested(field.value) for field in form.fields}
    saved = service.save_settings(core, anna.scope, connection, chosen)
    colleague.finished(core, anna, saved)
    colleague.agree(core, anna, connection)
    return connection


def _suggested(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A whole Andock, and Anna's connection after its first run."""
    home = tmp_path_factory.mktemp("notices") / "home"
    with DemoRun(home) as run:
        settings = DemoSettings(home, *run.ports, f"sqlite:///{home / 'andock.db'}", None)
        core = Core.open(config.load(settings.child_environment(["musterfirma.test"])))
        try:
            user = next(one for one in run.ready["users"] if one["email"] == ANNA)
            anna = accounts.sign_in(core.storage, ANNA, user["password"])
            assert anna is not None
            cloud = Demo(run.ready)
            connection = connected(core, anna, cloud)
            made = Place(cloud, core, anna, connection, cloud.graph(ANNA), run.ready["web_url"])
            made.settle()
            yield made
        finally:
            core.close()


def test_a_change_arrives_by_a_notice_alone(place: Place) -> None:
    """Made in the mailbox, there in Andock."""
    assert len(place.subscriptions()) >= 1
    assert place.is_quiet()
    before = place.runs()
    place.make("Hafenrundfahrt")
    wait_for(lambda: "Hafenrundfahrt" in place.subjects(), "the change is here")
    assert place.settle() - before <= 2


def test_ten_notices_at_once_make_one_run_or_two(place: Place) -> None:
    """What comes while a run is under way may need a second."""
    before = place.settle()
    burst = {f"Schleuse {number}" for number in range(10)}
    place.make(*burst)
    wait_for(lambda: burst <= place.subjects(), "all ten are here")
    assert 1 <= place.settle() - before <= 2


def test_a_notice_with_another_secret_does_nothing(place: Place) -> None:
    """Somebody learnt the address: the call is taken, and means nothing."""
    before = place.settle()
    about = place.cloud.state()["microsoft"]["subscriptions"][0]
    path = urlsplit(about["url"]).path
    assert path.startswith(f"/hooks/{SLUG}/")
    notice = {"subscriptionId": about["id"], "clientState": "guessed", "changeType": "updated"}
    lifecycle = {**notice, "lifecycleEvent": "subscriptionRemoved"}
    with requests.Session() as session:
        session.trust_env = False
        for told in (notice, lifecycle):
            answer = session.post(place.web_url + path, json={"value": [told]})
            assert (answer.status_code, answer.content) == (202, b"")
    assert place.settle() == before
    assert about["id"] in place.subscriptions()


def test_a_subscription_that_was_taken_away_is_made_anew(place: Place) -> None:
    """Graph says so; the run that follows sees to it, and changes arrive again."""
    place.settle()
    old = place.subscriptions()
    place.cloud.do("lifecycle-notice", kind="subscriptionRemoved", mailbox=ANNA)
    wait_for(lambda: len(place.subscriptions()) == len(old), "there are new ones")
    assert not set(place.subscriptions()) & set(old)
    place.settle()
    place.make("Kaimauer")
    wait_for(lambda: "Kaimauer" in place.subjects(), "the change is here")


def test_one_in_danger_is_confirmed(place: Place) -> None:
    """Silent until Andock has answered."""
    place.settle()
    old = place.subscriptions()
    place.cloud.do("lifecycle-notice", kind="reauthorizationRequired", mailbox=ANNA)
    place.make("Ebbe")
    wait_for(lambda: "Ebbe" in place.subjects(), "the run that confirms brings what was missed")
    place.settle()
    assert place.subscriptions() == old
    place.make("Flut")
    wait_for(lambda: "Flut" in place.subjects(), "changes are told again")

"""The hooks: the form, the test, the settings."""

from typing import Any

import pytest
from feed_server import FeedServer

from andock_icalendar_subscription import integration
from andock_icalendar_subscription.messages import MESSAGES
from andock_sdk import Answers, FieldErrors, Grant, Step
from andock_sdk.contract.case import Surroundings

PLUGIN: Any = integration()


def grant(context: Surroundings, **answers: str) -> Any:
    """What authorizing gives."""
    return PLUGIN.authorize(context, Answers(answers))


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("", "url.missing"),
        ("team.ics", "url.form"),
        ("ftp://example.org/team.ics", "url.form"),
        ("http://example.org/team.ics", "url.not_https"),
        ("https://", "url.form"),
        ("https://exa mple.org/", "url.form"),
        ("https://example.org:99999/", "url.form"),
        ("javascript:alert(1)", "url.form"),
        ("https://example.org/\r\nX: y", "url.form"),
        ("https://example.org/" + "x" * 3000, "url.form"),
    ],
)
def test_an_address_that_cannot_be_used(context: Surroundings, url: str, key: str) -> None:
    """Is told at its field, in words of both languages."""
    answer = grant(context, url=url)
    assert answer == FieldErrors(errors={"url": key})
    assert MESSAGES[key].title.de


def test_the_address_is_a_secret(context: Surroundings, server: FeedServer) -> None:
    """Whoever knows it can read the calendar."""
    made = grant(context, url=server.url)
    assert isinstance(made, Grant)
    assert server.url not in repr(made)


def test_the_test_fetches_and_counts(context: Surroundings, server: FeedServer) -> None:
    """Step by step, and names the calendar by its name and host."""
    server.text = server.text.replace("VERSION:2.0", "X-WR-CALNAME:Team")
    steps: list[Step] = []
    report = PLUGIN.test(context, grant(context, url=server.url), steps.append)
    assert [(step.key, step.state) for step in steps] == [
        ("fetch", "running"),
        ("fetch", "done"),
        ("read", "done"),
    ]
    assert report.error == ""
    assert report.account.label == "Team (localhost)"
    assert server.url not in report.account.key


def test_a_wrong_password_is_tried_once(context: Surroundings, server: FeedServer) -> None:
    """And the test fails."""
    server.users = {"anna": "right"}
    made = grant(context, url=server.url, user="anna", password="wrong")
    report = PLUGIN.test(context, made, lambda step: None)
    assert report.error == "sign_in.refused"
    assert len(server.requests) == 1


def test_the_calendar_is_imported_if_chosen(context: Surroundings, server: FeedServer) -> None:
    """One calendar, proposed at first; nothing when it is taken out."""
    form = PLUGIN.settings_form(context, grant(context, url=server.url), {})
    (asked,) = form.fields
    (job,) = PLUGIN.sync_jobs(context, {asked.name: list(asked.value)})
    assert (job.collection, job.role, job.holds) == ("feed", "import", frozenset())
    assert PLUGIN.sync_jobs(context, {asked.name: []}) == []

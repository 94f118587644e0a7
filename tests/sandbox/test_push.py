"""Push notifications: a listener that is called, answers, or does not."""

import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from andock_sandbox import Mailbox, Sandbox, tls
from tests.sandbox.client import Client
from tests.sandbox.listener import Listener
from tests.sandbox.official_schema import TALLY, content_of, official_schema
from tests.sandbox.test_notifications import CALENDAR, NINE, TEN, types


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A listener that says OK."""
    made = Listener()
    yield made
    made.close()


def test_a_push_begins_with_a_status_and_tells_what_happens(
    client: Client, anna: Mailbox, listener: Listener
) -> None:
    """Each call is valid by the official schema, when it is at hand."""
    push(client, listener)
    status = listener.next()
    assert b"StatusEvent" in status
    entry = anna.add_event(anna.calendar, "Neu", NINE, TEN)
    told = listener.next()
    assert entry.encode() in told
    schema = official_schema()
    for body in (status, told):
        TALLY.answers += schema is not None
        content = content_of(body)
        assert content is not None
        assert schema is None or schema.validate(content), schema.error_log


def test_a_listener_unsubscribes_by_its_answer(client: Client, box: Sandbox, anna: Mailbox) -> None:
    """No further call comes."""
    listener = Listener(lambda body: "Unsubscribe")
    push(client, listener)
    listener.next()
    wait_until_gone(box)
    anna.add_event(anna.calendar, "Neu", NINE, TEN)
    assert listener.calls.empty()
    listener.close()


def test_a_silent_listener_is_called_again_and_then_given_up(
    client: Client, box: Sandbox, anna: Mailbox
) -> None:
    """After 30 and 60 seconds when the status frequency is one minute."""
    box.notices.minute = 0.05
    listener = Listener(lambda body: "")
    push(client, listener)
    wait_until_gone(box)
    assert listener.calls.qsize() == 3
    listener.close()


def test_an_https_listener_is_called_when_its_certificate_is_trusted(
    client: Client, box: Sandbox, tls_home: Path
) -> None:
    """And not before."""
    box.notices.minute = 0.01
    files = tls.ensure(tls_home)
    listener = Listener(context=files.context())
    push(client, listener)
    wait_until_gone(box)
    assert listener.calls.empty()
    box.notices.minute = 60
    box.pusher.tls = ssl.create_default_context(cafile=str(files.ca))
    push(client, listener)
    assert b"StatusEvent" in listener.next()
    listener.close()


def push(client: Client, listener: Listener) -> None:
    """Subscribe a listener to the calendar."""
    reply = client(
        f"<m:Subscribe><m:PushSubscriptionRequest>{CALENDAR}{types('Created')}"
        f"<t:StatusFrequency>1</t:StatusFrequency><t:URL>{listener.url}</t:URL>"
        "</m:PushSubscriptionRequest></m:Subscribe>"
    )
    assert reply.codes == ["NoError"]


def wait_until_gone(box: Sandbox) -> None:
    """Until no subscription is left."""
    for _ in range(200):
        if not box.notices.all():
            return
        time.sleep(0.01)
    raise AssertionError("a subscription is left")

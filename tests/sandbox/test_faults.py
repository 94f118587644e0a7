"""Faults on demand, over real connections."""

import http.client
import time

import pytest

from andock_sandbox import Mailbox, Sandbox
from tests.sandbox.client import Client


def test_a_busy_server_may_say_for_how_long(client: Client, box: Sandbox) -> None:
    """BackOffMilliseconds, or none at all."""
    box.fail_next("FindItem", kind="ErrorServerBusy", backoff_ms=5000)
    reply = client.find("")
    assert (reply.status, reply.codes) == (500, ["ErrorServerBusy"])
    assert reply.text("//t:Value[@Name='BackOffMilliseconds']") == "5000"
    box.fail_next("FindItem", kind="ErrorServerBusy")
    assert client.find("").texts("//t:Value") == []
    assert client.find("").codes == ["NoError"]


@pytest.mark.parametrize("kind", ["401", "403", "500", "502", "503"])
def test_a_status_is_given_as_often_as_asked(client: Client, box: Sandbox, kind: str) -> None:
    """And for the operation and mailbox asked for alone."""
    box.fail_next("FindItem", kind=kind, times=2, mailbox="anna@musterfirma.test")
    box.fail_next("FindItem", kind="500", mailbox="ben@musterfirma.test")
    assert client.sync().status == 200
    assert [client.find("").status for _ in range(3)] == [int(kind), int(kind), 200]


def test_a_lost_answer_leaves_its_effect(client: Client, box: Sandbox, anna: Mailbox) -> None:
    """The item is there, the client does not know."""
    box.fail_next("CreateItem", kind="lost-answer")
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        client.create("<t:Subject>x</t:Subject>")
    assert len(anna.events()) == 1


def test_a_reset_has_no_effect(client: Client, box: Sandbox, anna: Mailbox) -> None:
    """The connection ends before anything is done."""
    box.fail_next("CreateItem", kind="reset")
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        client.create("<t:Subject>x</t:Subject>")
    assert anna.events() == []


def test_an_answer_may_break_off(client: Client, box: Sandbox) -> None:
    """Half of it arrives."""
    box.fail_next(kind="truncated")
    with pytest.raises(http.client.IncompleteRead):
        client.find("")


def test_a_login_page_may_be_in_the_way(client: Client, box: Sandbox) -> None:
    """HTML with status 200."""
    box.fail_next(kind="login-page")
    reply = client.find("")
    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/html; charset=utf-8")


def test_an_answer_may_be_slow(client: Client, box: Sandbox) -> None:
    """For as long as asked."""
    box.fail_next(kind="slow", seconds=0.2)
    begun = time.monotonic()
    assert client.find("").status == 200
    assert time.monotonic() - begun >= 0.2


def test_an_unknown_kind_is_refused(box: Sandbox) -> None:
    """At once, not when it is too late."""
    with pytest.raises(ValueError, match="no such fault"):
        box.fail_next(kind="earthquake")


def test_planned_faults_can_be_taken_back(client: Client, box: Sandbox) -> None:
    """clear()."""
    box.fail_next(kind="503")
    box.faults.clear()
    assert client.find("").status == 200


def test_a_server_may_be_no_exchange_before_anyone_signs_in(client: Client, box: Sandbox) -> None:
    """A login page for everybody; no password was looked at."""
    box.fail_next("SignIn", kind="login-page")
    assert client.request(b"", Authorization="").status == 200
    assert box.sign_ins == []
    assert client.request(b"", Authorization="").status == 401


def test_autodiscover_may_fail_alone(client: Client, box: Sandbox) -> None:
    """EWS goes on."""
    box.fail_next("Autodiscover", kind="503")
    assert client.find("").status == 200
    assert client.request(b"<x/>", path="/autodiscover/autodiscover.xml").status == 503

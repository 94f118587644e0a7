"""Faults on demand, over real connections."""

import base64
import hashlib
import http.client
import ssl
import time
from datetime import UTC, datetime

import pytest
import spnego
from lxml import etree
from spnego.channel_bindings import GssChannelBindings

from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.server import SandboxServer
from tests.sandbox.client import PASSWORD, Client, ServerFactory


def test_a_busy_server_may_say_for_how_long(client: Client, box: Sandbox) -> None:
    """BackOffMilliseconds, or none at all."""
    box.fail_next("FindItem", kind="ErrorServerBusy", backoff_ms=5000)
    reply = client.find("")
    assert (reply.status, reply.codes) == (500, ["ErrorServerBusy"])
    assert reply.text("//t:Value[@Name='BackOffMilliseconds']") == "5000"
    box.fail_next("FindItem", kind="ErrorServerBusy")
    assert client.find("").texts("//t:Value") == []
    assert client.find("").codes == ["NoError"]


@pytest.mark.parametrize("kind", ["401", "403", "429", "500", "502", "503", "504"])
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


def test_an_answer_may_come_bit_by_bit(client: Client, box: Sandbox) -> None:
    """Whole, but slowly."""
    box.fail_next(kind="drip", seconds=0.2)
    begun = time.monotonic()
    assert client.find("").codes == ["NoError"]
    assert time.monotonic() - begun >= 0.2


def test_a_connection_may_break_within_the_answer(
    client: Client, box: Sandbox, anna: Mailbox
) -> None:
    """A reset after half of it; the effect is done."""
    box.fail_next("CreateItem", kind="reset-mid-body")
    with pytest.raises((ConnectionError, http.client.IncompleteRead)):
        client.create("<t:Subject>x</t:Subject>")
    assert len(anna.events()) == 1


def test_an_answer_may_be_no_xml(client: Client, box: Sandbox) -> None:
    """No parser takes it."""
    box.fail_next(kind="broken-xml")
    reply = client.find("")
    assert reply.status == 200
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(reply.body)


def test_an_answer_may_be_other_xml(client: Client, box: Sandbox) -> None:
    """Well-formed, but no SOAP."""
    box.fail_next(kind="wrong-xml")
    reply = client.find("")
    assert (reply.status, reply.xml.tag) == (200, "{urn:maintenance}status")


def test_a_fault_may_last_until_it_is_cleared(client: Client, box: Sandbox) -> None:
    """times=None; one of several is cleared by its number."""
    fault = box.fail_next("FindItem", kind="503", times=None)
    box.fail_next("SyncFolderItems", kind="500", times=None)
    assert [client.find("").status for _ in range(3)] == [503, 503, 503]
    box.faults.clear(fault.num)
    assert (client.find("").status, client.sync().status) == (200, 500)


def test_ids_may_all_change(client: Client, box: Sandbox, anna: Mailbox) -> None:
    """As when a mailbox was moved: nothing is found by its old id, no SyncState is valid."""
    start = datetime(2026, 11, 24, 9, tzinfo=UTC)
    old, folder = anna.add_event(anna.calendar, "Termin", start, start), anna.calendar
    state = client.sync().text("//m:SyncState")
    box.renumber_ids(anna)
    assert client.get(old).codes == ["ErrorItemNotFound"]
    assert client.sync(folder).codes == ["ErrorSyncFolderNotFound"]
    assert client.sync(state=state).codes == ["ErrorInvalidSyncStateData"]
    assert client.get(anna.events()[0]["id"]).codes == ["NoError"]


def test_an_unknown_kind_is_refused(box: Sandbox) -> None:
    """At once, not when it is too late."""
    with pytest.raises(ValueError, match="no such fault"):
        box.fail_next(kind="earthquake")
    with pytest.raises(ValueError, match="once or more"):
        box.fail_next(times=0)


def _ntlm_status(server: SandboxServer, *, bound: bool) -> int:
    """The status that an independent NTLM client ends with, by one connection."""
    context = ssl.create_default_context(cafile=str(server.ca_file))
    connection = http.client.HTTPSConnection("localhost", server.port, timeout=10, context=context)
    connection.connect()
    assert isinstance(connection.sock, ssl.SSLSocket)
    certificate = connection.sock.getpeercert(binary_form=True) or b""
    end_point = b"tls-server-end-point:" + hashlib.sha256(certificate).digest()
    bindings = GssChannelBindings(application_data=end_point) if bound else None
    signing_in = spnego.client(
        "MUSTERFIRMA\\anna", PASSWORD, protocol="ntlm", channel_bindings=bindings
    )
    token, status = None, 0
    for _ in range(2):
        message = base64.b64encode(signing_in.step(token) or b"").decode()
        connection.request(
            "GET", "/EWS/Exchange.asmx", headers={"Authorization": f"NTLM {message}"}
        )
        answer = connection.getresponse()
        answer.read()
        status = answer.status
        _, _, told = answer.headers.get("WWW-Authenticate", "").partition(" ")
        token = base64.b64decode(told) if told and status == 401 else None
        if token is None:
            break
    connection.close()
    return status


def test_extended_protection_demands_a_bound_channel(
    serve: ServerFactory, anna: Mailbox, box: Sandbox
) -> None:
    """A right password is refused like a wrong one where the message is not bound to TLS."""
    server = serve()
    assert _ntlm_status(server, bound=False) == 200
    server.behave(extended_protection=True)
    assert _ntlm_status(server, bound=False) == 401
    assert _ntlm_status(server, bound=True) == 200
    server.behave(auth=("ntlm",))
    assert _ntlm_status(server, bound=False) == 401


def test_a_server_may_change_its_ways(client: Client, server: SandboxServer) -> None:
    """Modern sign-in alone; then a certificate that has ended."""
    server.behave(auth=("bearer",))
    reply = client.find("")
    assert reply.status == 401
    assert reply.headers["WWW-Authenticate"].startswith("Bearer ")
    server.behave(auth=("basic",), certificate="expired")
    with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
        client.find("")
    server.behave(certificate="wrong-name")
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        client.find("")
    server.behave(certificate="good")
    assert client.find("").status == 200


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

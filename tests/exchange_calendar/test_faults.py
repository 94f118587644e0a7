"""What goes wrong during a run: the kind of error tells core what to do next."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from andock_exchange_calendar import operations
from andock_exchange_calendar.client import Access, Client
from andock_exchange_calendar.connector import ExchangeConnector
from andock_sandbox import Mailbox, Sandbox, tls as sandbox_tls
from andock_sandbox.server import SandboxServer
from andock_sdk import RemoteItem, Unreadable, errors
from andock_sdk.https import wire as transport
from tests.exchange_calendar.surroundings import (
    EMAIL,
    PASSWORD,
    PlainServer,
    ServerFactory,
    Surroundings,
    appointment,
    connector_for,
    held_in,
    page,
)

NINE = datetime(2026, 11, 24, 8, tzinfo=UTC)


def test_a_busy_server_names_the_time_to_come_back(
    connector: ExchangeConnector, anna: Mailbox, box: Sandbox, context: Surroundings
) -> None:
    """BackOffMilliseconds becomes a moment, not a sleep."""
    box.fail_next("SyncFolderItems", "ErrorServerBusy", backoff_ms=90_000)
    with pytest.raises(errors.Throttled) as busy:
        connector.changes(anna.calendar, None)
    assert busy.value.until == context.now() + timedelta(seconds=90)


@pytest.mark.parametrize("backoff", [None, 0])
def test_a_busy_server_without_a_time(
    connector: ExchangeConnector, anna: Mailbox, box: Sandbox, backoff: int | None
) -> None:
    """Then core chooses."""
    box.fail_next("SyncFolderItems", "ErrorServerBusy", backoff_ms=backoff)
    with pytest.raises(errors.Throttled) as busy:
        connector.changes(anna.calendar, None)
    assert busy.value.until is None


def test_a_503_with_retry_after(
    connector: ExchangeConnector, anna: Mailbox, box: Sandbox, context: Surroundings
) -> None:
    """A front end's way of saying the same."""
    box.fail_next("SyncFolderItems", "503", retry_after="30")
    with pytest.raises(errors.Throttled) as busy:
        connector.changes(anna.calendar, None)
    assert busy.value.until == context.now() + timedelta(seconds=30)


@pytest.mark.parametrize("kind", ["500", "502", "reset", "lost-answer", "truncated"])
def test_what_passes_is_transient(
    connector: ExchangeConnector, anna: Mailbox, box: Sandbox, kind: str
) -> None:
    """And nothing is sent a second time: a later call begins afresh."""
    box.fail_next("SyncFolderItems", kind)
    with pytest.raises(errors.Transient):
        connector.changes(anna.calendar, None)
    assert connector.changes(anna.calendar, None).complete


def test_a_login_page_is_for_the_other_sides_it(
    connector: ExchangeConnector, anna: Mailbox, box: Sandbox
) -> None:
    """Status 200 and HTML is no empty list."""
    box.fail_next("SyncFolderItems", "login-page")
    with pytest.raises(errors.AdminError) as page:
        connector.changes(anna.calendar, None)
    assert page.value.key == "server.login_page"


def test_a_lost_answer_to_a_create_is_found_by_its_operation(
    connector: ExchangeConnector, anna: Mailbox, box: Sandbox
) -> None:
    """The effect took place; the create is not repeated, and the item is found."""
    box.fail_next("CreateItem", "lost-answer")
    with pytest.raises(errors.Transient):
        connector.create(anna.calendar, appointment(subject="Einmal"), "op-7")
    assert len(anna.events(anna.calendar)) == 1
    found = connector.find_operation(anna.calendar, "op-7")
    assert found is not None
    assert held_in(found).subject == "Einmal"


@pytest.mark.parametrize("kind", ["503", "ErrorServerBusy", "reset", "500"])
def test_no_write_is_ever_repeated(
    connector: ExchangeConnector, anna: Mailbox, box: Sandbox, kind: str
) -> None:
    """One failure planned, one call made, nothing created."""
    box.fail_next("CreateItem", kind)
    with pytest.raises(errors.AndockError):
        connector.create(anna.calendar, appointment(), "op")
    assert anna.events(anna.calendar) == []


def test_a_changed_password_is_tried_once(
    context: Surroundings, server: SandboxServer, anna: Mailbox, box: Sandbox
) -> None:
    """The connection then needs attention."""
    anna.set_password("neu")
    connector = connector_for(context, server)
    with pytest.raises(errors.BadCredentials):
        connector.changes(anna.calendar, None)
    connector.close()
    assert [sign_in.ok for sign_in in box.sign_ins] == [False]


def test_a_run_signs_in_once(connector: ExchangeConnector, anna: Mailbox, box: Sandbox) -> None:
    """One connection, one NTLM handshake, many calls."""
    ref = anna.add_event(anna.calendar, "A", NINE, NINE)
    connector.collections()
    connector.changes(anna.calendar, None)
    connector.read(anna.calendar, [ref])
    assert len(box.sign_ins) == 1


def test_a_sign_in_that_is_no_longer_offered_is_not_answered_with_another(
    context: Surroundings, serve: ServerFactory, box: Sandbox, anna: Mailbox
) -> None:
    """NTLM was used at the test; a server that now wants Basic gets no password from us."""
    basic = serve(auth=("basic",))
    connector = connector_for(context, basic)
    with pytest.raises(errors.AdminError) as changed:
        connector.changes(anna.calendar, None)
    connector.close()
    assert changed.value.key == "sign_in.changed"
    assert box.sign_ins == []


def test_an_answer_that_is_too_large_is_cut_off(
    connector: ExchangeConnector, anna: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory has a limit, whatever a server sends."""
    monkeypatch.setattr(transport, "MOST_BYTES", 1000)
    with pytest.raises(errors.Transient) as large:
        connector.collections()
    assert large.value.key == "answer.too_large"


def test_an_answer_that_drips_is_given_up(
    connector: ExchangeConnector,
    anna: Mailbox,
    box: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Silence ends a call, and so does an answer that never ends."""
    monkeypatch.setattr(transport, "READ_TIMEOUT", 0.2)
    box.fail_next("SyncFolderItems", "slow", seconds=1)
    with pytest.raises(errors.Transient) as slow:
        connector.changes(anna.calendar, None)
    assert slow.value.key == "server.timeout"


def test_one_item_that_breaks_the_xml_does_not_break_the_others(
    connector: ExchangeConnector, anna: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch is read singly, and only the broken one cannot be read."""
    refs = [anna.add_event(anna.calendar, f"T{n}", NINE, NINE) for n in range(3)]
    send = transport.Wire.send

    def corrupting(self: transport.Wire, *args: Any, **kwargs: Any) -> transport.Answer:
        answer = send(self, *args, **kwargs)
        answer.content = answer.content.replace(b">T1<", b"><<<")
        return answer

    monkeypatch.setattr(transport.Wire, "send", corrupting)
    results = connector.read(anna.calendar, refs)
    assert [held_in(r).subject for r in results if isinstance(r, RemoteItem)] == ["T0", "T2"]
    assert results[1] == Unreadable(ref=refs[1], error="item.unreadable")


def test_an_answer_that_is_cut_off_says_nothing_about_the_items(
    connector: ExchangeConnector, anna: Mailbox, box: Sandbox
) -> None:
    """The whole call is to be made again; no item is set aside for it."""
    ref = anna.add_event(anna.calendar, "T", NINE, NINE)
    box.fail_next("GetItem", "truncated")
    with pytest.raises(errors.Transient):
        connector.read(anna.calendar, [ref])


def test_close_may_be_called_after_errors(connector: ExchangeConnector) -> None:
    """And twice."""
    connector.close()
    connector.close()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"ResponseMessages", b"Something"),
        (b"SyncFolderItemsResponseMessage ", b"!-- "),
        (b":RootFolder", b":Another"),
        (b":Folders", b":Another"),
    ],
)
def test_answers_that_lack_what_the_schema_demands_are_no_bug_of_ours(
    connector: ExchangeConnector,
    anna: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    old: bytes,
    new: bytes,
) -> None:
    """Something broke on the way: an error that core knows, whatever is missing."""
    send = transport.Wire.send

    def corrupting(self: transport.Wire, *args: Any, **kwargs: Any) -> transport.Answer:
        answer = send(self, *args, **kwargs)
        answer.content = answer.content.replace(old, new)
        return answer

    monkeypatch.setattr(transport.Wire, "send", corrupting)
    for call in (
        connector.collections,
        lambda: connector.changes(anna.calendar, None),
        lambda: connector.find_operation(anna.calendar, "op"),
    ):
        with suppress(errors.AndockError):
            call()


@pytest.mark.parametrize("missing", [b"IncludesLastItemInRange", b"SyncState"])
def test_a_listing_that_is_not_whole_is_no_empty_calendar(
    connector: ExchangeConnector,
    anna: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    missing: bytes,
) -> None:
    """Nothing may be taken for deleted because of it."""
    send = transport.Wire.send

    def corrupting(self: transport.Wire, *args: Any, **kwargs: Any) -> transport.Answer:
        answer = send(self, *args, **kwargs)
        answer.content = answer.content.replace(missing, b"Other")
        return answer

    monkeypatch.setattr(transport.Wire, "send", corrupting)
    with pytest.raises(errors.Transient):
        connector.changes(anna.calendar, None)


def test_a_mailbox_on_the_move_sets_no_item_aside(
    connector: ExchangeConnector, anna: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What passes concerns the call; what is about one item leaves the others."""
    refs = [anna.add_event(anna.calendar, f"T{n}", NINE, NINE) for n in range(2)]
    anna.delete_event(refs[0])
    send = transport.Wire.send
    code = b"ErrorMailboxMoveInProgress"

    def corrupting(self: transport.Wire, *args: Any, **kwargs: Any) -> transport.Answer:
        answer = send(self, *args, **kwargs)
        answer.content = answer.content.replace(b">ErrorItemNotFound<", b">" + code + b"<")
        return answer

    monkeypatch.setattr(transport.Wire, "send", corrupting)
    with pytest.raises(errors.Transient):
        connector.read(anna.calendar, refs)
    code = b"ErrorCorruptData"
    broken, fine = connector.read(anna.calendar, refs)
    assert broken == Unreadable(ref=refs[0], error="item.unreadable")
    assert isinstance(fine, RemoteItem)


def test_an_answer_that_never_ends_is_given_up(
    context: Surroundings, tls_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte by byte is not silence; the whole has a limit, too."""
    monkeypatch.setattr(transport, "WHOLE_TIMEOUT", 0.3)
    monkeypatch.setattr(transport, "_CHUNK", 16)
    endless = page("200 OK", "x" * 4000, "Content-Type: text/xml")
    server = PlainServer(endless, sandbox_tls.ensure(tls_home).context(), pause=0.02)
    url = f"https://127.0.0.1:{server.port}/EWS/Exchange.asmx"
    client = Client(context, Access(url, EMAIL, PASSWORD, "Exchange2013_SP1", "Basic"))
    with pytest.raises(errors.Transient) as slow:
        client.call(operations.find_some())
    client.close()
    server.stop()
    assert slow.value.key == "server.timeout"

"""The doctor's work: how far it goes, that it runs once, and what it hands on."""

import base64
import json
import time
from datetime import UTC, datetime

import pytest

from andock_core.connections import attempts, service, status
from andock_core.connections.errors import AnswersRefused, NotFound, NotReady
from andock_core.doctor.reading import report_of
from andock_core.doctor.report import as_json, as_text
from andock_core.jobs import current, tasks
from andock_core.jobs.queue import SECONDS
from andock_core.storage import SYSTEM, Attempt
from tests.doctor.answers import answering
from tests.doctor.clinic import EMAIL, PASSWORD, SLUG, SUBJECT, Clinic
from tests.support.memory_plugin import SLUG as MEMORY


def handed_on(clinic: Clinic, attempt: status.AttemptStatus, *, with_names: bool = False) -> str:
    """All that leaves the house: both languages and the data."""
    report = report_of(clinic.core, SLUG, attempt, with_names=with_names)
    data = json.dumps(as_json(report), ensure_ascii=False)
    return "\n".join((as_text(report, "de"), as_text(report, "en"), data))


def in_use(clinic: Clinic) -> str:
    """A connection with a good grant, and an entry that is nobody's business."""
    clinic.trusting()
    start = datetime(2026, 12, 1, 9, tzinfo=UTC)
    clinic.mailbox.add_event(clinic.mailbox.calendar, SUBJECT, start, start.replace(hour=10))
    connection_id = clinic.add()
    assert clinic.tested(connection_id).error == ""
    return connection_id


def test_a_healthy_connection_is_examined_with_its_kept_grant(clinic: Clinic) -> None:
    """No password is asked for again, and every step came to an end."""
    examined = clinic.examined(in_use(clinic))
    assert (examined.state, examined.error, examined.found) == ("done", "", "")
    assert [step.state for step in examined.steps] == ["done"] * 10
    assert examined.server == f"localhost:{clinic.server.port}"


def test_nothing_private_stands_in_what_is_handed_on(clinic: Clinic) -> None:
    """Neither password nor user name, in whatever spelling, nor what the calendar holds."""
    connection_id = in_use(clinic)
    examined = clinic.examined(connection_id, write_probe=True)
    text = handed_on(clinic, examined).lower()
    private = [
        *(PASSWORD, base64.b64encode(PASSWORD.encode()).decode()),
        base64.b64encode(f"{EMAIL}:{PASSWORD}".encode()).decode(),
        *(EMAIL, "anna", "krüger", SUBJECT, "krause"),
        *("authorization", "cookie", "bearer", "set-cookie"),
    ]
    assert [word for word in private if word.lower() in text] == []
    assert "musterfirma.test" in text


def test_the_user_name_stands_there_when_it_is_wanted(clinic: Clinic) -> None:
    """The password never does."""
    text = handed_on(clinic, clinic.examined(in_use(clinic)), with_names=True)
    assert EMAIL in text
    assert PASSWORD not in text


def test_no_password_rests_in_the_database(clinic: Clinic) -> None:
    """Neither in the draft once the worker has begun, nor in steps or result."""
    connection_id = clinic.add()
    examined = clinic.examined(connection_id, clinic.answers())
    with clinic.core.storage.read(SYSTEM) as session:
        row = session.get_one(Attempt, examined.id)
        kept = [row.draft, row.steps, row.result]
        opened = [clinic.core.vault._ring.decrypt(column).decode() for column in kept if column]
    assert len(opened) == 3
    assert PASSWORD not in " ".join(opened)


def test_a_failed_test_is_examined_without_a_password(clinic: Clinic) -> None:
    """The certificate stops it, is shown, and may be asked for; nobody signs in."""
    examined = clinic.examined(clinic.add(), clinic.answers(password=""))
    assert examined.found == "certificate.unknown_issuer"
    assert examined.shown is not None
    assert examined.shown.askable
    assert clinic.box.sign_ins == []


def test_a_missing_password_is_never_made_up(clinic: Clinic) -> None:
    """Where everything else is well, the sign-in is left out."""
    clinic.trusting()
    examined = clinic.examined(clinic.add(), clinic.answers(password=""))
    assert examined.found == ""
    states = {step.key: step.state for step in examined.steps}
    assert (states["offer"], states["sign_in"]) == ("done", "skipped")
    assert clinic.box.sign_ins == []


def test_a_wrong_password_is_tried_once(clinic: Clinic) -> None:
    """Examining locks nobody out."""
    clinic.trusting()
    examined = clinic.examined(clinic.add(), clinic.answers(password="falsch-2026"))
    assert examined.found == "sign_in.refused"
    assert [sign_in.ok for sign_in in clinic.box.sign_ins] == [False]
    assert "falsch-2026" not in handed_on(clinic, examined)


def test_the_probe_is_written_only_when_it_was_ticked(clinic: Clinic) -> None:
    """And nothing of it is left, nor told to anybody."""
    connection_id = in_use(clinic)
    before = len(clinic.mailbox.events())
    assert "probe" not in {step.key for step in clinic.examined(connection_id).steps}
    ticked = clinic.examined(connection_id, write_probe=True)
    assert {step.key: step.state for step in ticked.steps}["probe"] == "done"
    assert len(clinic.mailbox.events()) == before
    assert clinic.box.outbox == []


def test_an_integration_without_the_hook_is_examined_too(clinic: Clinic) -> None:
    """By its test; the servers that it calls would be looked at."""
    connection_id = service.add(clinic.core, clinic.anna, MEMORY)
    typed = {"user": "anna@memory.example", "password": "right", "server": "memory.example"}
    examined = clinic.examined(connection_id, dict(typed))
    assert (examined.state, examined.found) == ("done", "")
    assert {step.key for step in examined.steps} == {"reach", "sign-in", "calendars"}


def test_nobody_else_sees_it_or_starts_it(clinic: Clinic) -> None:
    """Not even an admin of the same company."""
    connection_id = in_use(clinic)
    examined = clinic.examined(connection_id)
    with pytest.raises(NotFound):
        service.start_doctor(clinic.core, clinic.ben, connection_id)
    with pytest.raises(NotFound):
        status.attempt(clinic.core, clinic.ben, examined.id)


def test_what_cannot_be_examined_says_why(clinic: Clinic) -> None:
    """No grant and no answers; answers that the form refuses; a report before its time."""
    connection_id = clinic.add()
    with pytest.raises(NotReady):
        service.start_doctor(clinic.core, clinic.anna, connection_id)
    with pytest.raises(AnswersRefused):
        service.start_doctor(clinic.core, clinic.anna, connection_id, {"password": "x"})
    service.start_doctor(clinic.core, clinic.anna, connection_id, clinic.answers())
    waiting = status.latest(clinic.core, clinic.anna, connection_id, "doctor")
    assert waiting is not None
    with pytest.raises(NotReady):
        report_of(clinic.core, SLUG, waiting, with_names=False)


def test_the_servers_that_a_test_called_are_examined(clinic: Clinic) -> None:
    """Name, way and certificate come for nothing to an integration that has no steps of its own."""
    with answering("diagnose", None):
        examined = clinic.examined(clinic.add(), clinic.answers())
    assert examined.found == "certificate.unknown_issuer"
    states = {step.key: step.state for step in examined.steps}
    server = f"localhost:{clinic.server.port}"
    assert (states[f"dns:{server}"], states[f"tcp:{server}"]) == ("done", "done")
    assert states[f"tls:{server}"] == "failed"
    assert examined.shown is not None
    assert examined.shown.askable


def test_it_is_a_job_like_the_others(clinic: Clinic) -> None:
    """Queued where people wait, done by its task, and never done twice."""
    made = service.start_doctor(clinic.core, clinic.anna, clinic.add(), clinic.answers(password=""))
    assert clinic.world.jobs.jobs == [("interactive", "doctor", (made,))]
    current.use(clinic.core)
    tasks.doctor(made)
    ended = status.attempt(clinic.core, clinic.anna, made)
    tasks.doctor(made)
    assert ended.state == "done"
    assert status.attempt(clinic.core, clinic.anna, made) == ended
    assert set(service.TASKS.values()) <= set(SECONDS)


def test_one_that_hangs_is_ended(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its page does not spin on for ever."""
    made = service.start_doctor(clinic.core, clinic.anna, clinic.add(), clinic.answers(password=""))
    current.use(clinic.core)
    monkeypatch.setitem(SECONDS, "doctor", 0.3)
    monkeypatch.setitem(attempts.KINDS, "doctor", lambda core, work: time.sleep(30))
    tasks.doctor(made)
    ended = status.attempt(clinic.core, clinic.anna, made)
    assert (ended.state, ended.error) == ("failed", "plugin.hanging")

"""A private block's content stands nowhere in the clear, and an idle run opens nothing."""

import pytest
from sqlalchemy import inspect, text

from andock_core.vault import Label, Vault
from andock_sdk import Attendee, Body, Person
from tests.runs.stage import Stage, appointment

SECRETS = ("Oncology", "Ward 7", "bring the papers", "doctor@clinic.test", "Health")


def secret(day: int = 3, subject: str = "Oncology") -> object:
    """A block with something to hide in every field."""
    return appointment(
        subject,
        day=day,
        location="Ward 7",
        body=Body(content="bring the papers"),
        attendees=(Attendee(person=Person(email="doctor@clinic.test")),),
        categories=("Health",),
        recurrence="FREQ=DAILY;COUNT=3",
    )


def dump(stage: Stage) -> str:
    """Every value of every column of every table."""
    values: list[str] = []
    with stage.core.storage.engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                values += [
                    bytes(value).decode("latin-1")
                    if isinstance(value, bytes | memoryview)
                    else str(value)
                    for value in row
                ]
        connection.rollback()
    return "\n".join(values)


def test_no_table_tells_what_a_block_holds(stage: Stage) -> None:
    ref = stage.memory.put(stage.one, secret())  # type: ignore[arg-type]
    gone = stage.memory.put(stage.imported, secret(day=5))  # type: ignore[arg-type]
    stage.memory.put(stage.imported, secret(day=900))  # type: ignore[arg-type]
    stage.run()
    stage.memory.edit(ref, subject="Oncology again")
    stage.memory.remove(gone)
    stage.run()
    everything = dump(stage)
    assert ref in everything
    assert [word for word in (*SECRETS, "FREQ=DAILY") if word in everything] == []


def test_a_write_under_way_is_sealed_too(stage: Stage) -> None:
    ref = stage.memory.put(stage.imported, secret())  # type: ignore[arg-type]
    stage.run()
    entry_id = stage.only()
    stage.convert(entry_id)
    stage.run()
    stage.edit(entry_id, location="Ward 8")
    stage.memory.fail("update", "lost")
    stage.run()
    stage.hide(entry_id)
    assert ref in dump(stage)
    assert [word for word in (*SECRETS, "Ward 8") if word in dump(stage)] == []


def test_an_idle_run_opens_no_item_and_reads_none(
    sqlite_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = sqlite_stage
    stage.memory.put(stage.imported, appointment("Dentist"))
    stage.create(appointment("Mine"))
    stage.run()
    opened: list[str] = []
    open_seal = Vault.open

    def note(self: Vault, label: Label, sealed: bytes) -> bytes:
        opened.append(label.kind)
        return open_seal(self, label, sealed)

    monkeypatch.setattr(Vault, "open", note)
    stage.memory.forget_calls()
    stage.run()
    assert set(stage.memory.calls()) == {"changes"}
    own = {"connection.grant", "connection.settings", "connection.notebook", "collection.cursor"}
    assert set(opened) <= own

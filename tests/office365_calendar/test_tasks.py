"""Tasks of Microsoft To Do by the stand-in's Graph."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from andock_office365_calendar import integration, tasks
from andock_office365_calendar.connector import GraphConnector
from andock_sandbox.server import SandboxServer
from andock_sdk import Answers, Body, Missing, Patch, RemoteItem, Task, errors
from tests.office365_calendar.surroundings import Surroundings, connector_for, granted
from tests.sandbox.graph_client import ANNA

BERLIN, HONOLULU, KIRITIMATI = "Europe/Berlin", "Pacific/Honolulu", "Pacific/Kiritimati"
WANTED: Answers = {"tasks_on": True, "tasks_list": "later:tasks", "contacts_on": True}


@pytest.fixture
def connector(context: Surroundings, server: SandboxServer) -> Iterator[GraphConnector]:
    """A connector whose grant reaches tasks."""
    made = connector_for(context, granted(context, server, ANNA, WANTED))
    yield made
    made.close()


@pytest.fixture
def todo(connector: GraphConnector) -> str:
    """The list that everybody has."""
    return next(one.ref for one in connector.collections() if one.kind == "tasks" and one.default)


def changed(before: RemoteItem, **fields: object) -> Patch:
    assert isinstance(before.item, Task)
    after = before.item.model_copy(update=fields)
    return Patch(item=after, before=before.item, fields=frozenset(fields))


def test_a_task_comes_back_as_it_was_created(connector: GraphConnector, todo: str) -> None:
    item = Task(subject="Angebot", body=Body(content="a\nb"), due_day="2026-03-29")
    made = connector.create(todo, item, "op-1")
    assert (made.item, made.operation_id) == (item, "op-1")
    assert connector.find_operation(todo, "op-1") == made
    assert connector.find_operation(todo, "op-2") is None


@pytest.mark.parametrize(
    ("moment", "zone"),
    [
        *(("2026-03-29T00:00:00.0000000", zone) for zone in (BERLIN, HONOLULU, KIRITIMATI)),
        ("2026-03-28T23:00:00.0000000", BERLIN),
        ("2026-03-29T10:00:00.0000000", HONOLULU),
        ("2026-03-28T10:00:00.0000000", KIRITIMATI),
    ],
)
def test_a_day_that_another_program_wrote_is_that_day(moment: str, zone: str) -> None:
    due = {"dateTime": moment, "timeZone": "UTC"}
    assert tasks.to_task({"title": "x", "dueDateTime": due}, zone).due_day == "2026-03-29"


def test_a_task_is_done_and_taken_up_again(connector: GraphConnector, todo: str) -> None:
    made = connector.create(todo, Task(subject="Angebot"), "op-1")
    done = connector.update(todo, made.ref, changed(made, done=True), made.version)
    assert isinstance(done.item, Task)
    assert (done.item.done, done.item.done_at != "") == (True, True)
    again = connector.update(todo, made.ref, changed(done, done=False, done_at=""), done.version)
    assert again.item == Task(subject="Angebot")


def test_a_change_writes_its_fields_alone(connector: GraphConnector, todo: str) -> None:
    made = connector.create(todo, Task(subject="Eins", due_day="2026-11-24"), "op-1")
    after = connector.update(todo, made.ref, changed(made, due_day=""), made.version)
    assert after.item == Task(subject="Eins")


def test_changes_name_what_changed_since(connector: GraphConnector, todo: str) -> None:
    page = connector.changes(todo, None)
    assert page.complete
    made = connector.create(todo, Task(subject="Eins"), "op-1")
    page = connector.changes(todo, page.cursor)
    assert [(one.ref, one.kind) for one in page.changes] == [(made.ref, "changed")]
    connector.delete(todo, made.ref, made.version)
    page = connector.changes(todo, page.cursor)
    assert [(one.ref, one.kind) for one in page.changes] == [(made.ref, "deleted")]
    assert connector.read(todo, [made.ref]) == [Missing(ref=made.ref)]


def test_what_changed_meanwhile_is_a_conflict(connector: GraphConnector, todo: str) -> None:
    made = connector.create(todo, Task(subject="Eins"), "op-1")
    connector.update(todo, made.ref, changed(made, subject="Zwei"), made.version)
    with pytest.raises(errors.Conflict):
        connector.update(todo, made.ref, changed(made, subject="Drei"), made.version)
    with pytest.raises(errors.Conflict):
        connector.delete(todo, made.ref, made.version)


def test_more_is_offered_and_asked_for_only_when_it_is_chosen(
    context: Surroundings, server: SandboxServer
) -> None:
    plugin, grant = integration(), granted(context, server, wanted={})
    fields = {one.name: one for one in plugin.settings_form(context, grant, {}).fields}
    assert [one.value for one in fields["contacts"].choices] == ["later:contacts"]
    chosen: Answers = {**WANTED, "contacts": "later:contacts"}
    with pytest.raises(errors.MoreAccess):
        plugin.sync_jobs(context, chosen)
    context.clock = context.now() + timedelta(minutes=1)
    more = granted(context, server, wanted=chosen)
    again = {one.name: one for one in plugin.settings_form(context, more, chosen).fields}
    answers: Any = {**chosen, **{name: again[name].value for name in ("contacts", "tasks_list")}}
    kinds = {job.kind for job in plugin.sync_jobs(context, answers)}
    assert {"contacts", "tasks"} <= kinds
    assert not any(str(value).startswith("later:") for value in answers.values())

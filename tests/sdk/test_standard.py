"""The ready-made settings: what is asked, and what follows from the answers."""

import pytest
from pydantic import ValidationError

from andock_sdk import Answers, Collection, Connector, Context, Field, Grant, SyncJob
from andock_sdk.standard import settings_form, sync_jobs

HOME = Collection(ref="home", name="Kalender", default=True)
FAMILY = Collection(ref="family", name="Familie")
SHARED = Collection(ref="shared", name="Team", writable=False)
PEOPLE = Collection(ref="people", name="Kontakte", kind="contacts", default=True)
LIST = Collection(ref="todo", name="Aufgaben", kind="tasks", default=True)


def connector(context: Context, grant: Grant) -> Connector:
    raise NotImplementedError


def asked(collections: list[Collection], settings: Answers) -> dict[str, Field]:
    return {field.name: field for field in settings_form(collections, settings).fields}


def jobs(settings: Answers) -> dict[str, SyncJob]:
    return {job.collection: job for job in sync_jobs(settings, connector)}


def test_the_default_calendar_is_proposed_as_the_one() -> None:
    fields = asked([FAMILY, HOME], {})
    assert fields["calendar"].value == "home"
    assert fields["imports"].value == ()


def test_at_first_the_calendar_is_on_and_the_others_are_off() -> None:
    fields = asked([HOME, PEOPLE], {})
    switches = {name: field.value for name, field in fields.items() if field.kind == "switch"}
    assert switches == {
        "calendar_on": True,
        "contacts_on": False,
        "tasks_on": False,
        "calls_on": False,
    }


def test_contacts_are_asked_for_only_where_there_are_any() -> None:
    assert "contacts_on" not in asked([HOME], {})
    assert asked([HOME, PEOPLE], {})["contacts"].value == "people"


def test_what_was_chosen_before_is_chosen_still() -> None:
    fields = asked([HOME, FAMILY], {"calendar": "", "imports": ["home"]})
    assert fields["calendar"].value == ""
    assert fields["imports"].value == ("home",)


def test_a_calendar_that_cannot_be_written_cannot_be_the_one() -> None:
    fields = asked([HOME, SHARED], {})
    assert {c.value for c in fields["calendar"].choices if c.disabled} == {"shared"}
    assert not any(c.disabled for c in fields["imports"].choices)


def test_the_one_that_is_imported_too_is_synchronised_once() -> None:
    found = jobs({"calendar": "home", "imports": ["home", "family"]})
    assert {ref: job.role for ref, job in found.items()} == {"home": "one", "family": "import"}


def test_settings_from_before_there_were_switches_keep_the_calendar() -> None:
    assert jobs({"calendar": "home"})["home"].holds == {"appointments"}


def test_nothing_chosen_means_nothing_synchronised() -> None:
    assert jobs({"calendar": "", "imports": []}) == {}


def test_tasks_and_calls_go_to_the_one_calendar_unless_another_is_chosen() -> None:
    found = jobs({"calendar": "home", "tasks_on": True, "calls_on": True, "calls_calendar": "f"})
    assert found["home"].holds == {"appointments", "tasks"}
    assert found["f"].role == "planning"
    assert found["f"].holds == {"calls"}


def test_without_the_calendar_tasks_are_all_that_goes_there() -> None:
    found = jobs({"calendar_on": False, "calendar": "home", "imports": ["f"], "tasks_on": True})
    assert list(found) == ["home"]
    assert found["home"].role == "planning"
    assert found["home"].holds == {"tasks"}


def test_contacts_have_one_folder() -> None:
    found = jobs({"contacts_on": True, "contacts": "people"})
    assert [(job.kind, job.role) for job in found.values()] == [("contacts", "one")]


def test_a_list_for_tasks_is_asked_for_only_where_there_is_one() -> None:
    assert "tasks_list" not in asked([HOME], {})
    field = asked([HOME, LIST], {})["tasks_list"]
    assert [choice.value for choice in field.choices] == ["", "todo"]
    assert field.value == ""


def test_tasks_go_into_their_list_or_into_a_calendar_and_never_into_both() -> None:
    chosen: Answers = {"calendar": "home", "tasks_on": True, "tasks_calendar": "f"}
    found = jobs({**chosen, "tasks_list": "todo"})
    assert {ref: (job.kind, job.role) for ref, job in found.items()} == {
        "home": ("calendar", "one"),
        "todo": ("tasks", "one"),
    }
    assert found["home"].holds == {"appointments"}
    assert jobs({**chosen, "tasks_list": ""})["f"].holds == {"tasks"}


def test_a_list_needs_no_calendar_and_waits_for_its_switch() -> None:
    assert list(jobs({"tasks_on": True, "tasks_list": "todo"})) == ["todo"]
    assert jobs({"tasks_on": False, "tasks_list": "todo"}) == {}


@pytest.mark.parametrize("wrong", [{"role": "import"}, {"role": "one", "holds": {"tasks"}}])
def test_a_list_of_tasks_is_the_one_and_holds_nothing(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SyncJob.model_validate(
            {"collection": "todo", "kind": "tasks", "connector": connector, **wrong}
        )

"""What a member changes about themselves, through the pages."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from andock_core.accounts.profile import Habits, problems
from andock_core.core import Core
from andock_core.storage import Member, Scope
from andock_web.profile import zones
from tests.profile.conftest import send
from tests.web.conftest import PASSWORD, People, sign_in

FORM = {
    "name": "Anna Krüger-Petersen",
    "language": "en",
    "zone": "Asia/Tokyo",
    "week_start": "7",
    "work_start": "07:30",
    "work_end": "15:30",
    "scheme": "dark",
    "shortcuts": "yes",
}
HABITS = Habits("Anna", "Europe/Berlin", 1, "08:00", "17:00", "", shortcuts=True)
NEW = "noch ein langes Passwort"


def test_all_of_the_profile_is_kept(anna: FlaskClient, core: Core, people: People) -> None:
    """And the next page speaks the new language at once."""
    said = send(anna, "/profile/", **FORM)
    assert "Your profile is saved." in said
    with core.storage.read(Scope(people.home)) as session:
        row = session.get_one(Member, people.anna)
        kept = (row.name, row.language, row.zone, row.week_start, row.work_start, row.work_end)
        assert kept == ("Anna Krüger-Petersen", "en", "Asia/Tokyo", 7, "07:30", "15:30")
        assert (row.scheme, row.shortcuts) == ("dark", True)


def test_a_chosen_scheme_is_in_every_page(anna: FlaskClient) -> None:
    assert "data-scheme" not in anna.get("/profile/").text
    assert 'data-scheme="dark"' in send(anna, "/profile/", **FORM)


def test_shortcuts_can_be_switched_off(anna: FlaskClient) -> None:
    assert "data-shortcuts>" in anna.get("/profile/").text
    without = {name: value for name, value in FORM.items() if name != "shortcuts"}
    said = send(anna, "/profile/", **without)
    assert "data-shortcuts>" not in said
    assert "Keyboard shortcuts are switched off." in said


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"zone": ""}, "zone"),
        ({"week_start": 3}, "week_start"),
        ({"work_start": "25:00"}, "work"),
        ({"work_start": "x"}, "work"),
        ({"work_start": "17:00", "work_end": "08:00"}, "work"),
        ({"scheme": "pink"}, "scheme"),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_field(changes: dict[str, Any], field: str) -> None:
    assert list(problems(replace(HABITS, **changes))) == [field]


def test_a_wrong_field_keeps_what_was_typed(anna: FlaskClient) -> None:
    """Nothing is saved, nothing has to be typed again."""
    said = send(anna, "/profile/", **{**FORM, "zone": "Mars/Olympus"})
    assert "Diese Zeitzone gibt es nicht." in said
    assert 'value="Mars/Olympus"' in said
    assert 'value="Anna Krüger-Petersen"' in said


def test_zones_are_told_with_their_present_distance() -> None:
    """Summer and winter differ, so the list is made for the moment."""
    winter, summer = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)
    labels = {each.name: each.label for each in zones.choices(winter, "de_DE")}
    assert labels["Europe/Berlin"] == "Berlin, Deutschland, UTC+01:00"
    assert labels["America/St_Johns"].endswith("UTC−03:30")
    later = {each.name: each.label for each in zones.choices(summer, "en_GB")}
    assert later["Europe/Berlin"] == "Berlin, Germany, UTC+02:00"


def test_the_page_stays_light(anna: FlaskClient) -> None:
    """All zones of the world in it."""
    assert len(anna.get("/profile/").data) < 90_000


def test_a_new_password_needs_the_present_one(anna: FlaskClient) -> None:
    said = send(anna, "/profile/password", present="falsch", new=NEW, again=NEW)
    assert "Das ist nicht Ihr jetziges Passwort." in said
    said = send(anna, "/profile/password", present=PASSWORD, new="kurz", again="kurz")
    assert "mindestens 12 Zeichen" in said
    said = send(anna, "/profile/password", present=PASSWORD, new=NEW, again=NEW + "x")
    assert "nicht gleich" in said


def test_a_new_password_ends_all_other_sessions(anna: FlaskClient) -> None:
    """This browser stays signed in; from now on the new password counts."""
    other = anna.application.test_client()
    assert sign_in(other, "anna@musterfirma.test").status_code == 303
    said = send(anna, "/profile/password", present=PASSWORD, new=NEW, again=NEW)
    assert "Ihr Passwort ist geändert." in said
    assert other.get("/profile/").status_code == 302
    assert sign_in(other, "anna@musterfirma.test").status_code == 422
    assert sign_in(other, "anna@musterfirma.test", NEW).status_code == 303

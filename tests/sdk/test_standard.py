"""The ready-made calendar settings."""

from andock_sdk import Collection, Connector, Context, Grant
from andock_sdk.standard import calendar_form, calendar_jobs

HOME = Collection(ref="home", name="Kalender", default=True)
FAMILY = Collection(ref="family", name="Familie")
SHARED = Collection(ref="shared", name="Team", writable=False)


def connector(context: Context, grant: Grant) -> Connector:
    raise NotImplementedError


def test_the_default_calendar_is_proposed_as_the_one() -> None:
    one, imports = calendar_form([FAMILY, HOME], {}).fields
    assert one.value == "home"
    assert imports.value == ()


def test_what_was_chosen_before_is_chosen_still() -> None:
    one, imports = calendar_form([HOME, FAMILY], {"calendar": "", "imports": ["home"]}).fields
    assert one.value == ""
    assert imports.value == ("home",)


def test_a_calendar_that_cannot_be_written_cannot_be_the_one() -> None:
    one, imports = calendar_form([HOME, SHARED], {}).fields
    assert {c.value for c in one.choices if c.disabled} == {"shared"}
    assert not any(c.disabled for c in imports.choices)


def test_the_one_that_is_imported_too_is_synchronised_once() -> None:
    jobs = calendar_jobs({"calendar": "home", "imports": ["home", "family"]}, connector)
    assert [(job.collection, job.role) for job in jobs] == [("home", "one"), ("family", "import")]


def test_nothing_chosen_means_nothing_synchronised() -> None:
    assert calendar_jobs({"calendar": "", "imports": []}, connector) == []

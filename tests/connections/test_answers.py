"""Answers are checked against the form that asked for them."""

import pytest

from andock_core.connections.answers import checked, typed, without_secrets
from andock_core.connections.errors import AnswersRefused
from andock_sdk import Answers, Choice, Field, Form, Text


def _text(words: str) -> Text:
    return Text(en=words)


FORM = Form(
    fields=(
        Field(name="user", label=_text("User")),
        Field(name="password", label=_text("Password"), kind="password"),
        Field(name="server", label=_text("Server"), required=False),
        Field(
            name="calendar",
            label=_text("Calendar"),
            kind="choice",
            choices=(
                Choice(value="a", label=_text("A")),
                Choice(value="b", label=_text("B"), disabled=True),
            ),
        ),
        Field(
            name="imports",
            label=_text("Imports"),
            kind="choices",
            required=False,
            choices=(Choice(value="a", label=_text("A")), Choice(value="c", label=_text("C"))),
        ),
        Field(name="often", label=_text("Often"), kind="switch"),
    )
)
GOOD: Answers = {
    "user": "anna",
    "password": " secret ",
    "server": "",
    "calendar": "a",
    "imports": ["c"],
    "often": False,
}


def test_good_answers_pass_as_they_are() -> None:
    """What fits the form comes back unchanged, a password with its blanks."""
    assert checked(FORM, GOOD) == GOOD


def test_blanks_around_a_name_are_a_slip_of_the_hand() -> None:
    """Pasted names often bring a blank along."""
    assert checked(FORM, {**GOOD, "user": " anna\n"})["user"] == "anna"


def test_what_no_field_asks_for_is_dropped() -> None:
    """A made-up field cannot smuggle anything in."""
    assert "admin" not in checked(FORM, {**GOOD, "admin": "1"})


@pytest.mark.parametrize(
    ("field", "value", "key"),
    [
        ("user", "", "field.required"),
        ("user", ["anna"], "field.required"),
        ("password", "", "field.required"),
        ("user", "x" * 2001, "field.too_long"),
        ("calendar", "", "field.required"),
        ("calendar", "made-up", "field.not_offered"),
        ("calendar", "b", "field.not_offered"),
        ("imports", ["a", "made-up"], "field.not_offered"),
    ],
)
def test_what_does_not_fit_is_refused(field: str, value: str | list[str], key: str) -> None:
    """Each wrong field has its reason; a greyed-out choice is none."""
    with pytest.raises(AnswersRefused) as refused:
        checked(FORM, {**GOOD, field: value})
    assert refused.value.errors == {field: key}


def test_a_half_filled_form_can_be_searched_with() -> None:
    """Nothing is required before the test."""
    assert typed(FORM, {"user": "anna"})["password"] == ""


def test_passwords_are_never_shown_again() -> None:
    """Neither those of the form, nor anything when the form is not known."""
    assert "password" not in without_secrets(FORM, GOOD)
    assert without_secrets(None, GOOD) == {}

"""A plugin's form as a page draws it, and as a browser sends it back."""

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from andock_marketplace.words import words_for
from andock_sdk import Answers, Field, Form, Listing
from andock_web.language import language
from andock_web.lines import one_line

PREFIX = "answer-"
"""Keeps a plugin's field names apart from the page's own (the CSRF token, the buttons)."""

LONGEST_SAID = 2000
"""Characters of what is said around a question."""

ABOUT_THE_SERVER = ("server.", "certificate.", "answer.", "egress.")
"""How the keys of errors begin that another server may mend."""


@dataclass(frozen=True)
class Option:
    """One thing to choose."""

    value: str
    label: str
    hint: str
    disabled: bool


@dataclass(frozen=True)
class Question:
    """A field, ready to draw. `value`: text, the chosen one, or a list of the chosen ones.

    A password's value is always empty: it is never sent back to a page.
    """

    name: str
    kind: str
    label: str
    help: str
    placeholder: str
    required: bool
    autocomplete: str
    options: tuple[Option, ...]
    value: str | bool | list[str]
    error: str
    found_by_search: bool
    focus: bool = False


def questions(
    form: Form,
    answers: Answers,
    errors: Mapping[str, str] | None = None,
    listing: Listing | None = None,
    focus: str = "",
) -> list[Question]:
    """The form's fields with what was answered so far, the form's own values for the rest.

    `errors`: field name → message key. `focus`: the field to put the cursor into.
    """
    wrong = errors or {}
    return [
        Question(
            name=PREFIX + field.name,
            kind=field.kind,
            label=one_line(field.label.to(language())),
            help=one_line(field.help.to(language()), LONGEST_SAID) if field.help else "",
            placeholder=one_line(field.placeholder),
            required=field.required,
            autocomplete=field.autocomplete,
            options=_options(field),
            value=_value(field, answers),
            error=words_for(wrong[field.name], listing).title if field.name in wrong else "",
            found_by_search=field.found_by_search,
            focus=field.name == focus,
        )
        for field in form.fields
    ]


@dataclass(frozen=True)
class Group:
    """Questions that stand together: what follows a switch is asked only while that is on."""

    switch: Question | None
    questions: list[Question]


def groups(questions: list[Question]) -> list[Group]:
    """The questions by the switch that they follow."""
    found = [Group(None, [])]
    for question in questions:
        if question.kind == "switch":
            found.append(Group(question, []))
        else:
            found[-1].questions.append(question)
    return [group for group in found if group.switch or group.questions]


def intro(form: Form) -> str:
    """The sentence above the fields."""
    return one_line(form.intro.to(language()), LONGEST_SAID) if form.intro else ""


def posted(form: Form, sent: "MultiDict[str, str]") -> Answers:
    """What the browser sent for this form's fields. Nothing is checked here."""
    answers: Answers = {}
    for field in form.fields:
        name = PREFIX + field.name
        if field.kind == "switch":
            answers[field.name] = name in sent
        elif field.kind == "choices":
            answers[field.name] = sent.getlist(name)
        else:
            answers[field.name] = sent.get(name, "")
    return answers


def server_field(form: Form) -> str:
    """The name of the field that the search fills in, empty when there is none."""
    return next((field.name for field in form.fields if field.found_by_search), "")


def to_focus(form: Form, answers: Answers, error: str, errors: Mapping[str, str]) -> str:
    """Where the cursor helps most: the first wrong field; the password after a refused sign-in;
    the server when that was not reached; else the first empty field."""
    for field in form.fields:
        if field.name in errors:
            return field.name
    if error.startswith(ABOUT_THE_SERVER) and server_field(form):
        return server_field(form)
    typed = (field for field in form.fields if field.kind in ("text", "password"))
    return next((f.name for f in typed if f.kind == "password" or not answers.get(f.name)), "")


def _options(field: Field) -> tuple[Option, ...]:
    return tuple(
        Option(
            value=choice.value,
            label=one_line(choice.label.to(language())),
            hint=one_line(choice.hint.to(language())) if choice.hint else "",
            disabled=choice.disabled,
        )
        for choice in field.choices
    )


def _value(field: Field, answers: Answers) -> str | bool | list[str]:
    if field.kind == "password":
        return ""
    value = answers.get(field.name, field.value)
    return list(value) if isinstance(value, tuple) else value

"""Answers against the form that asked for them. Pure."""

from andock_core.connections.errors import AnswersRefused
from andock_sdk import Answers, Field, Form

LONGEST = 2000
"""Characters of one typed answer."""


def checked(form: Form, given: Answers) -> Answers:
    """Exactly the form's fields, each of its kind. Raises AnswersRefused with a key per field.

    Choices must be among those the form really offers: an answer can be made up.
    """
    errors: dict[str, str] = {}
    kept: Answers = {}
    for field in form.fields:
        kept[field.name] = value = _typed(field, given.get(field.name))
        if error := _error(field, value):
            errors[field.name] = error
    if errors:
        raise AnswersRefused(errors)
    return kept


def typed(form: Form, given: Answers) -> Answers:
    """The form's fields, each of its kind, unchecked: a search starts from a half-filled form."""
    return {field.name: _typed(field, given.get(field.name)) for field in form.fields}


def without_secrets(form: Form | None, answers: Answers) -> Answers:
    """What may be shown again. Without a form nothing is known to be harmless."""
    open_fields = {f.name for f in form.fields if f.kind != "password"} if form else set()
    return {name: value for name, value in answers.items() if name in open_fields}


def _typed(field: Field, value: object) -> str | bool | list[str]:
    if field.kind == "switch":
        return (field.value if value is None else value) is True  # not asked: as it is
    if field.kind == "choices":
        chosen = value if isinstance(value, list | tuple) else []
        return list(dict.fromkeys(str(one) for one in chosen))
    text = value if isinstance(value, str) else ""
    # A password's blanks belong to it; around a name they are a slip of the hand.
    return text if field.kind == "password" else text.strip()


def _error(field: Field, value: str | bool | list[str]) -> str:
    if isinstance(value, bool):
        return ""
    if not value:
        return "field.required" if field.required else ""
    if field.kind in ("choice", "choices"):
        offered = {choice.value for choice in field.choices if not choice.disabled}
        chosen = [value] if isinstance(value, str) else value
        return "" if offered.issuperset(chosen) else "field.not_offered"
    return "field.too_long" if len(value) > LONGEST else ""

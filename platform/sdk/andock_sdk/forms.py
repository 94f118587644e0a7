"""Forms as data: the plugin says what to ask, the marketplace draws it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field as Constraint

from andock_sdk.text import Text

FieldKind = Literal["text", "password", "choice", "choices", "switch"]
Answers = dict[str, str | bool | list[str]]
"""What was filled in, by field name: text, password and choice give a string, choices a list of
strings, a switch a bool."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(_Data):
    """One thing to choose. `value` is opaque and case-sensitive, `label` what people read, with a
    `hint` behind it in smaller letters. One that is `disabled` is shown and cannot be chosen."""

    value: str = Constraint(max_length=1024)
    label: Text
    hint: Text | None = None
    disabled: bool = False


class Field(_Data):
    """One question, answered under `name`; `kind` says how it is drawn.

    `label` stands above it, `help` below, `placeholder` in an empty text field, `value` is what it
    begins with. One that is not `required` may stay empty. `autocomplete` is HTML's ("username").
    `choices` are for the kinds choice and choices. `found_by_search` marks the field that
    `discover` fills in.
    """

    name: str = Constraint(pattern=r"^[a-z][a-z0-9_]{0,40}$")
    label: Text
    kind: FieldKind = "text"
    help: Text | None = None
    placeholder: str = ""
    required: bool = True
    autocomplete: str = "off"
    choices: tuple[Choice, ...] = ()
    value: str | bool | tuple[str, ...] = ""
    found_by_search: bool = False


class Form(_Data):
    """Questions, `fields`, in the order they are asked, with a sentence above them, `intro`."""

    fields: tuple[Field, ...]
    intro: Text | None = None


class FieldErrors(_Data):
    """Answers that cannot be used. `errors`: field name → message key."""

    errors: dict[str, str]

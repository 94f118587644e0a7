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
    """One thing to choose. `value` is opaque and case-sensitive."""

    value: str = Constraint(max_length=1024)
    label: Text
    hint: Text | None = None
    disabled: bool = False


class Field(_Data):
    """One question. `found_by_search` marks the field that `discover` fills in."""

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
    """Questions in the order they are asked, with a sentence above them."""

    fields: tuple[Field, ...]
    intro: Text | None = None


class FieldErrors(_Data):
    """Answers that cannot be used: field name → message key."""

    errors: dict[str, str]

"""A plugin's words, before a page shows them: no characters that nobody sees or that turn the text
around them about, and no longer than the place they are meant for. Pages escape them besides."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from andock_sdk import Field, Form, Listing, Step, Text

Words = TypeVar("Words", Listing, Form, Step)

UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what changes a text's direction
    "\u2028\u2029\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
LABEL, SENTENCES, NAME = 120, 400, 80
LONGEST: Mapping[str, int] = {
    "title": NAME,
    "what": LABEL,
    "label": LABEL,
    "summary": 240,
    "works_with": SENTENCES,
    "data_goes_to": SENTENCES,
    "access": SENTENCES,
    "help": SENTENCES,
    "hint": SENTENCES,
    "publisher": NAME,
    "version": 40,
    "placeholder": NAME,
}
"""Characters, by the field's name. Other texts are as long as the SDK lets them be."""
MOST: Mapping[str, int] = {"features": 12, "permissions": 12, "keywords": 60, "languages": 60}
PLAIN = ("publisher", "version", "placeholder", "keywords", "languages")
"""Fields of words that are no Text. All others (the values of choices, keys, the icon) stay as they
are."""


def cleaned(words: Words) -> Words:
    """The same with words that can be shown."""
    return words.model_copy(update=_fields(words))


def clean(text: str, longest: int) -> str:
    """One text; cut with an ellipsis."""
    text = UNSEEN.sub("", text)
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _fields(model: BaseModel) -> dict[str, Any]:
    changed = {name: _value(name, value) for name, value in model if name != "icon"}
    if isinstance(model, Field) and model.kind == "text" and isinstance(model.value, str):
        changed["value"] = clean(model.value, SENTENCES)
    return changed


def _value(name: str, value: Any) -> Any:
    longest = LONGEST.get(name, 4000)
    if isinstance(value, Text):
        return Text(en=clean(value.en, longest), de=clean(value.de, longest))
    if isinstance(value, BaseModel):
        return value.model_copy(update=_fields(value))
    if isinstance(value, tuple):
        return tuple(_value(name, one) for one in value[: MOST.get(name, len(value))])
    if isinstance(value, dict):
        return {key: _value(name, one) for key, one in value.items()}
    if isinstance(value, str) and name in PLAIN:
        return clean(value, LONGEST.get(name, NAME))
    return value

"""Every sentence of the marketplace exists in German."""

from pathlib import Path
from typing import Any

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import andock_marketplace
from andock_marketplace.words import _ERRORS
from andock_web.messages import known_keys

FOLDER = Path(andock_marketplace.__file__).parent
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trimmed": "true"}}
KEYWORDS = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}


def _sentences() -> set[str]:
    found = extract_from_dir(str(FOLDER), METHODS, OPTIONS, keywords=KEYWORDS)
    return {m[2][0] if isinstance(m[2], tuple) else m[2] for m in found}


def test_german_is_complete() -> None:
    """No sentence without a translation, no translation without a sentence."""
    with (FOLDER / "translations/de/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file)
    translated = set()
    for message in catalogue:
        ids, strings = _all(message.id), _all(message.string)
        if ids[0] and all(strings):
            translated.add(ids[0])
    assert translated == _sentences()


def _all(words: Any) -> list[str]:
    """One or several forms, as a list."""
    return [words] if isinstance(words, str) else list(words)


def test_our_keys_are_ours() -> None:
    """A key has its words in one place."""
    assert known_keys().isdisjoint(_ERRORS)

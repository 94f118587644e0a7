"""What makes the calendar's page complete: words in both languages, pinned vendored code."""

import hashlib
import re
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from flask import Flask

import andock_web.calendar as area
from andock_core.calendar import edit, rules
from andock_web.calendar import page, words
from tests.calendar.builders import Office

FOLDER = Path(area.__file__).parent
SCRIPTS = sorted((FOLDER / "static" / "js").glob("*.js"))


def _words(message: Message) -> bool:
    """Whether a message is translated, in all its plural forms."""
    found = [message.string] if isinstance(message.string, str) else message.string
    return all(found or [""])


def test_every_sentence_has_its_german() -> None:
    with (FOLDER / "translations/de/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file)
    assert [message.id for message in catalogue if message.id and not _words(message)] == []
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in catalogue}
    said = set()
    for path in FOLDER.glob("*.py"):
        said |= set(re.findall(r'_l?\(\s*"((?:[^"\\]|\\.)+)"\s*[,)]', path.read_text()))
    assert said - known == set()


def test_every_refusal_has_words() -> None:
    keys: set[str] = set()
    for module in (edit, rules):
        text = Path(str(module.__file__)).read_text()
        keys |= set(re.findall(r'"((?:rule|occurrence|title|place|notes|time|zone)\.\w+)"', text))
    assert keys - set(words.ERRORS) == set()


def test_the_script_is_handed_every_word_it_says(app: Flask, firm: Office) -> None:
    with app.test_request_context():
        given = set(page.data(firm.anna, [])["words"])
    for script in SCRIPTS:
        assert set(re.findall(r"\bwords\.(\w+)", script.read_text())) <= given, script.name


def test_the_vendored_files_are_the_pinned_ones() -> None:
    vendor = FOLDER / "static" / "vendor"
    listed = (vendor / "VENDORED.md").read_text()
    for path in (*vendor.glob("*.js"), *vendor.glob("*.css")):
        assert f"`{hashlib.sha256(path.read_bytes()).hexdigest()}`" in listed


def test_nothing_in_scripts_or_templates_needs_a_laxer_policy() -> None:
    for path in (*SCRIPTS, *FOLDER.glob("templates/**/*.html")):
        text = path.read_text()
        assert not re.search(r"""\sstyle=["']|\son[a-z]+=["']|setAttribute\("style""", text), path

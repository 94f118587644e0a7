"""The guides as the tests see them: their pages, headings, and the words that they quote."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from tests.docs.documented import ROOT

LANGUAGES = ("en", "de")
QUOTED = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
ROOMS = ("platform", "marketplace", "plugins", "examples")


def pages(language: str) -> dict[str, Path]:
    """The guides of a language, by their path below its folder."""
    folder = ROOT / "docs" / language
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.md"))}


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return FENCED.sub("", page.read_text(encoding="utf-8"))


def headings(page: Path) -> list[int]:
    """The levels of a page's headings, in order."""
    return [len(marks) for marks in re.findall(r"^(#+) ", prose(page), re.MULTILINE)]


def quoted(page: Path) -> list[str]:
    """The words in bold: what is said to stand on the screen."""
    return [" ".join(words.split()) for words in QUOTED.findall(prose(page))]


def on_screen() -> dict[str, set[str]]:
    """All that pages and plugins may show, by language."""
    words: dict[str, set[str]] = {language: set() for language in LANGUAGES}
    for room in ROOMS:
        for path in (ROOT / room).rglob("LC_MESSAGES/*.po"):
            for english, german in _catalogue(path):
                words["en"].add(english)
                words["de"].add(german)
        for path in (ROOT / room).rglob("*.py"):
            for language, text in _texts(path):
                words[language].add(text)
    return {
        language: {" ".join(text.split()) for text in found} for language, found in words.items()
    }


def _catalogue(path: Path) -> Iterator[tuple[str, str]]:
    with path.open("rb") as file:
        for message in read_po(file, locale="de"):
            ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
            strings = (
                message.string if isinstance(message.string, tuple | list) else (message.string,)
            )
            yield from zip(ids, strings, strict=False)


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    """The plugins' words: `Text(en=..., de=...)`."""
    source = path.read_text(encoding="utf-8")
    if "Text(" not in source:
        return
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "Text"
        ):
            for keyword in node.keywords:
                if keyword.arg in LANGUAGES and isinstance(keyword.value, ast.Constant):
                    yield keyword.arg, str(keyword.value.value)

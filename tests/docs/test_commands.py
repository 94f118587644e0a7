"""Commands that the docs name exist, with the options that are named."""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from andock_command.main import andock
from tests.docs.documented import ROOT

CODE = re.compile(r"^```(?:sh|)\n(.*?)^```|`([^`]+)`", re.DOTALL | re.MULTILINE)
CALL = re.compile(r"(?<![\w-])andock ([a-z][^\n|&;#`]*)")


def told(page: Path) -> Iterator[str]:
    """What the page calls `andock` with, in its blocks of commands and in its prose."""
    for block, span in CODE.findall(page.read_text(encoding="utf-8")):
        for text in re.split(r"(?<!\\)\n", block or span):
            yield from (found[1].strip() for found in CALL.finditer(text))


def fault(words: str) -> str:
    """What is wrong with a call; empty when nothing is."""
    command: click.Command = andock
    for word in words.split():
        if isinstance(command, click.Group):
            found = command.commands.get(word)
            if found is None:
                return f"no command {word}"
            command = found
        elif word.startswith("--"):
            options = {name for one in command.params for name in one.opts} | {"--help"}
            if word.partition("=")[0] not in options:
                return f"no option {word}"
    return ""


def test_each_command_that_the_docs_name_exists() -> None:
    """A command or an option that was renamed is renamed in the docs."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "examples/README.md"]
    calls = {(page, words) for page in pages for words in told(page)}
    assert len(calls) > 30
    assert [(page.name, words, said) for page, words in calls if (said := fault(words))] == []


def test_a_wrong_call_is_noticed() -> None:
    """The check above can fail."""
    assert fault("keys rotate --drop-old") == ""
    assert fault("keys turn") == "no command turn"
    assert fault("doctor --quickly") == "no option --quickly"

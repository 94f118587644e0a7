"""What is offered is documented: a hook, a field, a setting or a command without words fails."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from andock_command.main import andock
from andock_sdk.contract.rules import rules
from andock_sdk.hookspecs import IntegrationSpec, ObserverSpec
from tests.docs.documented import ROOT, SDK, SETTING, fields

DOCS = ROOT / "docs"
HOOKS = (DOCS / "reference/hooks.md").read_text(encoding="utf-8")
# Between parts of Andock itself: set by one, read by another, nobody's to choose.
OWN = {"ANDOCK_DEMO_RUN"}


def models() -> set[str]:
    """The SDK's models that plugins fill in or read: "module.Class". What the contract tests keep
    for themselves is not among them."""
    found = set()
    for path in SDK.glob("*.py"):
        module = importlib.import_module(f"andock_sdk.{path.stem}")
        for name, one in inspect.getmembers(module, inspect.isclass):
            here = one.__module__ == module.__name__ and not name.startswith("_")
            if here and issubclass(one, BaseModel) and one.__annotations__:
                found.add(f"{path.stem}.{name}")
    return found


MODELS = models()


def hooks() -> Iterator[tuple[str, list[str]]]:
    """Each hook with its parameters."""
    for spec in (IntegrationSpec, ObserverSpec):
        for name, function in inspect.getmembers(spec, inspect.isfunction):
            if hasattr(function, "andock_spec"):
                yield name, list(inspect.signature(function).parameters)[1:]


def commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """Each command with the words that call it."""
    yield path, command
    if isinstance(command, click.Group):
        for name, member in command.commands.items():
            yield from commands(member, f"{path} {name}".strip())


def settings_read(*besides: str) -> set[str]:
    """The environment variables that the code names as such, in the folders `besides` too."""
    files = [ROOT / "app.py", ROOT / "worker.py"]
    for room in ("platform", "marketplace", "plugins", *besides):
        files += (ROOT / room).rglob("*.py")
    return {name for path in files for name in _constants(path)}


def _constants(path: Path) -> Iterator[str]:
    source = path.read_text(encoding="utf-8")
    if not SETTING.search(source):
        return
    for node in ast.walk(ast.parse(source)):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and SETTING.fullmatch(text):
            yield text


def test_there_are_hooks_to_look_at() -> None:
    """The names below come from the specifications themselves."""
    assert {"describe", "sync_jobs", "sync_finished"} <= {name for name, _ in hooks()}


@pytest.mark.parametrize(("name", "parameters"), list(hooks()))
def test_each_hook_stands_in_the_reference_with_its_signature(
    name: str, parameters: list[str]
) -> None:
    """A parameter that is added or renamed is added or renamed there."""
    assert f"\n### {name}({', '.join(parameters)})\n" in HOOKS
    assert re.search(rf"automethod:: andock_sdk.hookspecs.\w+Spec.{name}\n", HOOKS)


def test_each_parameter_of_a_hook_is_explained() -> None:
    """In the table at the top of the hooks' page."""
    wanted = {parameter for _, parameters in hooks() for parameter in parameters}
    assert wanted == set(re.findall(r"^\| `(\w+)` \|", HOOKS, re.MULTILINE))


def test_each_hook_says_what_it_does() -> None:
    """The page shows the docstrings."""
    specs = {**vars(IntegrationSpec), **vars(ObserverSpec)}
    assert [name for name, _ in hooks() if not inspect.getdoc(specs[name])] == []


def test_each_field_of_the_sdk_has_words() -> None:
    """Its own docstring, or its class's names it in backticks."""
    silent = [f"{of}.{name}" for of, name, words in fields() if of in MODELS and not words]
    assert silent == []
    assert {of for of, _, _ in fields()} >= MODELS


def test_a_field_without_words_is_noticed(tmp_path: Path) -> None:
    """The check above can fail."""
    (tmp_path / "some.py").write_text(
        'class Thing(Model):\n    """With `told`."""\n    told: str\n    own: int\n    "Words."\n'
        "    silent: str\n"
    )
    found = {name: bool(words) for _, name, words in fields(tmp_path)}
    assert found == {"told": True, "own": True, "silent": False}


def test_each_rule_of_the_contract_has_a_sentence() -> None:
    """Authors read it in the reference and on the terminal."""
    found = rules()
    assert len(found) > 30
    assert [one.id for one in found if not one.sentence.endswith(".")] == []


def test_each_setting_that_is_read_stands_in_the_table() -> None:
    """And what stands there is read."""
    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    assert settings_read() - OWN - documented == set()
    assert documented - settings_read("tests") == set()


def test_each_command_and_option_has_words() -> None:
    """`--help` and the reference are made of them."""
    silent = []
    for path, command in commands(andock, ""):
        silent += [path] if not command.help else []
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden and not option.help:
                silent.append(f"{path} {option.opts[0]}")
    assert silent == []


def test_each_command_stands_in_the_overview() -> None:
    """docs/command-line.md: one row for each command, a group with its members."""
    text = (DOCS / "command-line.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.+?) \| ", text, re.MULTILINE)
    told = {word for row in rows for word in _row(row)}
    leaves = {path for path, one in commands(andock, "") if not isinstance(one, click.Group)}
    assert leaves - told == set()
    assert told - leaves == set()


def _row(cell: str) -> Iterator[str]:
    """`users list`, `add` are two commands of one group; `export`, `import` two at the top."""
    words = re.findall(r"`([^`]+)`", cell)
    group = words[0].rpartition(" ")[0]
    for word in words:
        yield word if " " in word or not group else f"{group} {word}"

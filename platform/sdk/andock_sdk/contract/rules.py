"""The rules of the contract: each with a level, a sentence, and a function that shows it.

A rule's id is its function's name with hyphens; ids are stable, for `quality.toml` names them. The
first line of its docstring is the rule, the rest says why it is there or how to keep it.
"""

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import cleandoc
from typing import TYPE_CHECKING

from andock_sdk import errors
from andock_sdk.contract.quality import Level

if TYPE_CHECKING:
    from andock_sdk.contract.case import Case

Check = Callable[["Case"], None]
MODULES = ("listing", "access", "reading", "writing", "faults", "times", "tasks", "depth")


class Broken(AssertionError):
    """The plugin breaks the rule. The text says how."""


@dataclass(frozen=True)
class Rule:
    """One rule. `sentence` is what holds, `docs` why, or how to keep it; `group` is its chapter."""

    id: str
    level: Level
    group: str
    sentence: str
    docs: str
    check: Check


_RULES: dict[str, Rule] = {}


def rule(level: Level) -> Callable[[Check], Check]:
    """Register a function as a rule."""

    def register(check: Check) -> Check:
        sentence, _, docs = cleandoc(check.__doc__ or "").partition("\n")
        name = check.__name__.replace("_", "-")
        group = check.__module__.rpartition(".")[2]
        _RULES[name] = Rule(name, level, group, sentence, docs.strip(), check)
        return check

    return register


def rules() -> tuple[Rule, ...]:
    """All rules, chapter by chapter."""
    for module in MODULES:
        importlib.import_module(f"andock_sdk.contract.{module}")
    return tuple(_RULES.values())


def expect(holds: object, otherwise: str) -> None:
    """Raises Broken with a sentence unless it holds."""
    if not holds:
        raise Broken(otherwise)


@contextmanager
def refuses(expected: type[errors.AndockError], when: str) -> Iterator[list[errors.AndockError]]:
    """The block must raise this error of the tree. What was raised is then in the list."""
    caught: list[errors.AndockError] = []
    try:
        yield caught
    except expected as error:
        caught.append(error)
    except Exception as error:
        name = type(error).__name__
        raise Broken(f"{when}: {name} ({error}) instead of {expected.__name__}") from error
    else:
        raise Broken(f"{when}: nothing was raised, {expected.__name__} was due")

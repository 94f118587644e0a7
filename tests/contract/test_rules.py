"""The rules can fail: each catches a seeded bug. And they are well written."""

from pathlib import Path

import pytest

from andock_sdk.contract import LEVELS, rules
from andock_sdk.contract.rules import Broken
from tests.contract.memory import MemoryHarness
from tests.contract.mutants import BUGS, Bug
from tests.contract.test_memory import TASKS_ALONE, hold


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: f"{bug[0]}-{bug[3].__name__.strip('_')}")
def test_a_seeded_bug_is_caught(bug: Bug, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name, where, attribute, instead = bug
    monkeypatch.setattr(where, attribute, instead)
    rule = next(rule for rule in rules() if rule.id == name)
    with pytest.raises(Broken):
        hold(rule, MemoryHarness(file, tasks=name in TASKS_ALONE))


def test_every_rule_has_a_seeded_bug() -> None:
    assert {bug[0] for bug in BUGS} == {rule.id for rule in rules()}


def test_rules_are_written_as_sentences() -> None:
    for rule in rules():
        assert rule.sentence.endswith("."), rule.id
        assert rule.level in LEVELS

"""The memory plugin keeps the contract, every rule of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from andock_sdk.contract import NotApplicable, Rule, rules
from andock_sdk.contract.case import Case
from tests.contract.memory import MemoryHarness
from tests.support.memory_plugin import MemoryConnector

ELSEWHERE = "redirects-safe"
"""What the memory plugin has not got."""
CALENDARS_ALONE = {
    *("schedules-hold", "no-mail", "series-read", "series-written", "summer-time-edges"),
    *("whole-days-read", "whole-days-written", "zones-read", "zones-written", "bad-item-alone"),
}
TASKS_ALONE = {"tasks-read", "tasks-written"}


@pytest.fixture(autouse=True)
def no_connector_left_open(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A rule closes what it opens. Else sockets would end, and be complained of, in the middle of
    an author's other tests."""
    left: list[MemoryConnector] = []
    init, close = MemoryConnector.__init__, MemoryConnector.close

    def opening(self: MemoryConnector, *args: object, **named: object) -> None:
        init(self, *args, **named)  # type: ignore[arg-type]
        left.append(self)

    def closing(self: MemoryConnector) -> None:
        close(self)
        left[:] = [one for one in left if one is not self]

    monkeypatch.setattr(MemoryConnector, "__init__", opening)
    monkeypatch.setattr(MemoryConnector, "close", closing)
    yield
    assert left == []


def hold(rule: Rule, harness: MemoryHarness) -> None:
    """Hold the plugin against one rule."""
    case = Case(harness)
    try:
        rule.check(case)
    finally:
        case.close()


@pytest.mark.parametrize(
    "rule",
    [rule for rule in rules() if rule.id not in {*TASKS_ALONE, ELSEWHERE}],
    ids=lambda rule: rule.id,
)
def test_calendars_keep_the_rule(rule: Rule, file: Path) -> None:
    hold(rule, MemoryHarness(file))


@pytest.mark.more
@pytest.mark.parametrize(
    "rule",
    [rule for rule in rules() if rule.id not in {*CALENDARS_ALONE, *TASKS_ALONE, ELSEWHERE}],
    ids=lambda rule: rule.id,
)
def test_contacts_keep_the_rule(rule: Rule, file: Path) -> None:
    hold(rule, MemoryHarness(file, contacts=True))


@pytest.mark.more
@pytest.mark.parametrize(
    "rule",
    [rule for rule in rules() if rule.id not in {*CALENDARS_ALONE, ELSEWHERE}],
    ids=lambda rule: rule.id,
)
def test_tasks_keep_the_rule(rule: Rule, file: Path) -> None:
    hold(rule, MemoryHarness(file, tasks=True))


@pytest.mark.parametrize(
    "rule",
    [rule for rule in rules() if rule.id in ("create-lands", "zones-written", "two-connectors")],
    ids=lambda rule: rule.id,
)
def test_rules_of_writing_do_not_concern_what_only_reads(rule: Rule, file: Path) -> None:
    with pytest.raises(NotApplicable):
        hold(rule, MemoryHarness(file, writable=False))

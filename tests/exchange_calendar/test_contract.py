"""The Exchange plugin keeps the contract, against the sandbox: the rules that any plugin has."""

from collections.abc import Callable
from pathlib import Path

import pytest

from andock_sandbox import Mailbox, Sandbox
from andock_sdk.contract import NotApplicable, Rule, rules
from andock_sdk.contract.case import Case
from andock_sdk.contract.report import quality_of
from tests.exchange_calendar.contacts_harness import ExchangeContactsHarness
from tests.exchange_calendar.harness import PATIENCE, ExchangeHarness
from tests.exchange_calendar.surroundings import ServerFactory

EXEMPT = quality_of(ExchangeHarness.entry_point)[0].exempt
OF_CALENDARS = {"bad-item-alone", "no-mail", "schedules-hold"}
KEPT = [rule for rule in rules() if rule.id not in EXEMPT and rule.group != "tasks"]
Make = Callable[[type[ExchangeHarness]], ExchangeHarness]


@pytest.fixture
def make(
    box: Sandbox,
    anna: Mailbox,
    serve: ServerFactory,
    tls_home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Make:
    """A server of the test's own, and a connector that waits for a moment only."""
    monkeypatch.setattr("andock_sdk.https.wire.READ_TIMEOUT", PATIENCE)
    return lambda kind: kind(box, anna, serve(), tls_home / "ca.pem")


def hold(rule: Rule, harness: ExchangeHarness) -> None:
    case = Case(harness)
    try:
        rule.check(case)
    except NotApplicable as reason:
        pytest.skip(str(reason))
    finally:
        case.close()


@pytest.mark.more
@pytest.mark.parametrize("rule", KEPT, ids=lambda rule: rule.id)
def test_the_rule_is_kept(rule: Rule, make: Make) -> None:
    """In the mailbox's own calendar."""
    hold(rule, make(ExchangeHarness))


@pytest.mark.more
@pytest.mark.parametrize(
    "rule",
    [
        rule
        for rule in KEPT
        if rule.group not in ("listing", "access", "times") and rule.id not in OF_CALENDARS
    ],
    ids=lambda rule: rule.id,
)
def test_the_rule_is_kept_for_contacts(rule: Rule, make: Make) -> None:
    """In the mailbox's own folder of contacts."""
    hold(rule, make(ExchangeContactsHarness))

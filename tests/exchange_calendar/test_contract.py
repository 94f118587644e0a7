"""The Exchange plugin keeps the contract, against the sandbox: the rules that any plugin has."""

from pathlib import Path

import pytest

from andock_sandbox import Mailbox, Sandbox
from andock_sdk.contract import NotApplicable, Rule, rules
from andock_sdk.contract.case import Case
from andock_sdk.contract.report import quality_of
from tests.exchange_calendar.harness import PATIENCE, ExchangeHarness
from tests.exchange_calendar.surroundings import ServerFactory

EXEMPT = quality_of(ExchangeHarness.entry_point)[0].exempt


@pytest.fixture
def harness(
    box: Sandbox,
    anna: Mailbox,
    serve: ServerFactory,
    tls_home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> ExchangeHarness:
    """A server of the test's own, and a connector that waits for a moment only."""
    monkeypatch.setattr("andock_sdk.https.wire.READ_TIMEOUT", PATIENCE)
    return ExchangeHarness(box, anna, serve(), tls_home / "ca.pem")


@pytest.mark.more
@pytest.mark.parametrize(
    "rule", [rule for rule in rules() if rule.id not in EXEMPT], ids=lambda rule: rule.id
)
def test_the_rule_is_kept(rule: Rule, harness: ExchangeHarness) -> None:
    case = Case(harness)
    try:
        rule.check(case)
    except NotApplicable as reason:
        pytest.skip(str(reason))
    finally:
        case.close()

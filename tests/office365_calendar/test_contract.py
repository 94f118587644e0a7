"""The Office 365 plugin keeps the contract, against the stand-in: the rules that any plugin has."""

from pathlib import Path

import pytest

from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.identity import App
from andock_sandbox.server import SandboxServer
from andock_sdk.contract import NotApplicable, Rule, rules
from andock_sdk.contract.case import Case
from andock_sdk.contract.report import quality_of
from tests.exchange_calendar.harness import PATIENCE
from tests.office365_calendar.harness import Office365Harness

EXEMPT = quality_of(Office365Harness.entry_point)[0].exempt


@pytest.fixture
def harness(
    box: Sandbox,
    anna: Mailbox,
    server: SandboxServer,
    app: App,
    tls_home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Office365Harness:
    """A server of the test's own, and a connector that waits for a moment only."""
    monkeypatch.setattr("andock_sdk.https.wire.READ_TIMEOUT", PATIENCE)
    return Office365Harness(box, anna, server, tls_home / "ca.pem", app)


@pytest.mark.more
@pytest.mark.parametrize(
    "rule", [rule for rule in rules() if rule.id not in EXEMPT], ids=lambda rule: rule.id
)
def test_the_rule_is_kept(rule: Rule, harness: Office365Harness) -> None:
    case = Case(harness)
    try:
        rule.check(case)
    except NotApplicable as reason:
        pytest.skip(str(reason))
    finally:
        case.close()

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
from tests.office365_calendar.contacts_harness import Office365ContactsHarness
from tests.office365_calendar.harness import Office365Harness
from tests.office365_calendar.tasks_harness import Office365TasksHarness

EXEMPT = quality_of(Office365Harness.entry_point)[0].exempt
OF_CALENDARS = {"bad-item-alone", "no-mail", "schedules-hold"}
OF_THE_PLUGIN = {rule.id for rule in rules() if rule.group in ("listing", "access")}
"""Shown with the calendar already."""
KEPT = [rule for rule in rules() if rule.id not in EXEMPT]
OF_ANY_KIND = [
    rule for rule in KEPT if rule.group != "times" and rule.id not in OF_CALENDARS | OF_THE_PLUGIN
]


@pytest.fixture
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connector waits for a moment only."""
    monkeypatch.setattr("andock_sdk.https.wire.READ_TIMEOUT", PATIENCE)


def hold(rule: Rule, harness: Office365Harness) -> None:
    case = Case(harness)
    try:
        rule.check(case)
    except NotApplicable as reason:
        pytest.skip(str(reason))
    finally:
        case.close()


@pytest.mark.more
@pytest.mark.usefixtures("short_patience")
@pytest.mark.parametrize(
    "rule", [rule for rule in KEPT if rule.group != "tasks"], ids=lambda rule: rule.id
)
def test_the_rule_is_kept(
    rule: Rule, box: Sandbox, anna: Mailbox, server: SandboxServer, app: App, tls_home: Path
) -> None:
    """In the mailbox's own calendar."""
    hold(rule, Office365Harness(box, anna, server, tls_home / "ca.pem", app))


@pytest.mark.more
@pytest.mark.usefixtures("short_patience")
@pytest.mark.parametrize("rule", OF_ANY_KIND, ids=lambda rule: rule.id)
def test_the_rule_is_kept_for_tasks(
    rule: Rule, box: Sandbox, anna: Mailbox, server: SandboxServer, app: App, tls_home: Path
) -> None:
    """In Microsoft To Do."""
    hold(rule, Office365TasksHarness(box, anna, server, tls_home / "ca.pem", app))


@pytest.mark.more
@pytest.mark.usefixtures("short_patience")
@pytest.mark.parametrize(
    "rule", [rule for rule in OF_ANY_KIND if rule.group != "tasks"], ids=lambda rule: rule.id
)
def test_the_rule_is_kept_for_contacts(
    rule: Rule, box: Sandbox, anna: Mailbox, server: SandboxServer, app: App, tls_home: Path
) -> None:
    """In the mailbox's own folder of contacts."""
    hold(rule, Office365ContactsHarness(box, anna, server, tls_home / "ca.pem", app))

"""Mailboxes in Exchange Online: the integration for them, with the address carried over."""

import pytest

from andock_exchange_calendar.plugin import ExchangeCalendar
from andock_sdk import Elsewhere
from tests.exchange_calendar.surroundings import Steps, Surroundings, grant_for

ONLINE = "https://outlook.office365.com/EWS/Exchange.asmx"


@pytest.mark.parametrize(
    ("username", "carried"),
    [
        ("anna@musterfirma.test", {"username": "anna@musterfirma.test"}),
        ("MUSTERFIRMA\\anna", {}),
    ],
)
def test_a_test_leads_to_the_integration_for_it(
    context: Surroundings, username: str, carried: dict[str, str]
) -> None:
    """A mail address is worth something there, DOMAIN\\user is not; the password stays here."""
    ended = ExchangeCalendar().test(context, grant_for(ONLINE, username), Steps())
    assert ended.error == "mailbox.online"
    assert ended.elsewhere == Elsewhere(integration="office365-calendar", answers=carried)


def test_a_search_leads_there_too(context: Surroundings) -> None:
    """The operator's table says where the mailbox is."""
    context.servers["musterfirma.test"] = "outlook.office365.com"
    found = ExchangeCalendar().discover(context, {"username": "anna@musterfirma.test"}, Steps())
    assert found.elsewhere is not None
    assert found.elsewhere.answers == {"username": "anna@musterfirma.test"}


def test_other_failures_lead_nowhere(context: Surroundings) -> None:
    """A wrong server name is for this integration to mend."""
    ended = ExchangeCalendar().test(context, grant_for("https://nowhere.test/EWS/x"), Steps())
    assert ended.error
    assert ended.elsewhere is None
